// Memory for sessions, handed out in the order of asking, so that a large one is not overtaken
// for ever by small ones.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

namespace polder {

class Admission {
 public:
  struct Limits {
    std::uint64_t bytes;      // of all admitted sessions
    std::size_t places = 64;  // sessions, waiting ones included
  };
  explicit Admission(const Limits& limits) : limits_(limits) {}

  /// Throws Error busy with both numbers if a session could never be admitted.
  void check(std::uint64_t bytes) const;

  std::uint64_t bytes_in_use() const;
  std::size_t waiting() const;

  /// One session's claim: queued from its first wait on (not before: whoever stands in the queue
  /// must be able to go on once it is admitted), given back when it goes.
  class Ticket {
   public:
    /// Throws as `check`.
    Ticket(Admission& admission, std::uint64_t bytes);
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket();

    /// Waits for admission; false if it has not come yet. Throws Error busy if all places are
    /// taken.
    bool wait_for(std::chrono::milliseconds limit);

   private:
    void enter();

    Admission& admission_;
    std::uint64_t bytes_;
    bool queued_ = false;
    bool admitted_ = false;
  };

 private:
  bool is_next(const Ticket* ticket, std::uint64_t bytes) const;

  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<const Ticket*> queue_;
  std::uint64_t in_use_ = 0;
  std::size_t admitted_ = 0;
};

}  // namespace polder
