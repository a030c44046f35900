// Threads that run one at a time in a time of their own: who is next is drawn from a seed, and time
// passes only when all of them sleep. So a run depends on its seed alone and waits for nothing.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "crypto/stream.h"

namespace polder {

class VirtualTime {
 public:
  using Time = std::chrono::nanoseconds;  // since the start
  static constexpr Time never = Time::max();

  VirtualTime(int threads, std::uint64_t seed);

  Time now() const { return now_; }

  /// Runs one `part(i)` a thread and returns when all have ended; none may throw. Once.
  void run(const std::function<void(int)>& part);

  /// The calling thread i lets others run, until at least the time that `wake` gives; asked again
  /// whenever somebody else has run. Not `never` for all threads at once.
  void sleep(int i, const std::function<Time()>& wake);

  /// 0 .. below - 1. For the thread that runs.
  std::uint64_t draw(std::uint64_t below);

 private:
  static constexpr int nobody = -1;
  struct Seat {
    std::condition_variable turn;
    std::function<Time()> wake = [] { return Time(0); };
    bool ended = false;
  };

  void choose_next();
  void await_turn(int i, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::vector<Seat> seats_;
  Stream stream_;
  Time now_{0};
  int running_ = nobody;
};

}  // namespace polder
