// How long a session waits: its deadline, the longest silence of a peer, and whether somebody asked
// it to stop.
#pragma once

#include <atomic>
#include <chrono>
#include <string_view>

#include "net/event_fd.h"

namespace polder {

using Clock = std::chrono::steady_clock;

/// Shared by all that waits for one session. `cancel` may come from any thread; it wakes every wait
/// at once.
class CancellationToken {
 public:
  struct Limits {
    Clock::time_point deadline = Clock::time_point::max();
    Clock::duration silence = std::chrono::seconds(30);  // of a peer that we wait for
  };

  CancellationToken() : CancellationToken(Limits{}) {}
  explicit CancellationToken(const Limits& limits) : limits_(limits) {}
  CancellationToken(const CancellationToken&) = delete;
  CancellationToken& operator=(const CancellationToken&) = delete;

  void cancel() noexcept;
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }

  /// Throws Error cancelled. Costs a load: long local work may call it between batches.
  void check_cancelled() const;

  /// Throws Error cancelled or timed_out (the deadline, or silence since `since`). `waiting_for`
  /// completes the message, e.g. "node 1".
  void check(Clock::time_point since, std::string_view waiting_for) const;

  Clock::duration silence() const { return limits_.silence; }
  /// When a wait that began at `since` gives up.
  Clock::time_point give_up(Clock::time_point since) const;

  /// Readable from `cancel` on; for poll.
  int event_descriptor() const { return wake_.descriptor(); }

 private:
  const Limits limits_;
  std::atomic<bool> cancelled_ = false;
  EventFd wake_;
};

}  // namespace polder
