// What moves the bytes of a session's connections while one of them waits. One poll over all of
// them, on the session's own thread: helper threads make every round several times slower.
#pragma once

#include <poll.h>

#include <string_view>
#include <vector>

#include "net/cancellation_token.h"

namespace polder {

/// Shared by the channels of one session; belongs to its thread and outlives its channels.
class Pump {
 public:
  /// A connection that can be polled.
  class Member {
   public:
    virtual ~Member() = default;
    virtual int descriptor() const = 0;
    virtual bool has_output() const = 0;
    /// Sends what the connection takes now. Never throws for a broken connection: it drops the
    /// output.
    virtual void push() = 0;
    /// Called when output was dropped or the peer hung up while somebody else waits: throws if the
    /// session cannot go on.
    virtual void look_at_end() = 0;
    virtual bool broken() const = 0;
  };

  explicit Pump(CancellationToken& cancellation) : cancellation_(cancellation) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  CancellationToken& cancellation() const { return cancellation_; }

  void add(Member& member);
  void remove(Member& member);

  /// Sleeps until `awaited` has input or hung up, some output went out, `until` passed or the
  /// session was cancelled (throws Error cancelled).
  void wait_for_input(Member& awaited, Clock::time_point until);
  /// The same without a connection awaited.
  void wait_for_output(Clock::time_point until);

  /// Sleeps until `time` while moving output.  Throws Error cancelled, timed_out.
  void rest_until(Clock::time_point time);

 private:
  struct Seat {
    Member* member;
    bool hung_up = false;  // known, so not polled for any more
  };

  void wait(const Member* awaited, Clock::time_point until);
  void look_at_others(const Member* awaited);

  CancellationToken& cancellation_;
  std::vector<Seat> seats_;
  std::vector<pollfd> polled_ = std::vector<pollfd>(1);  // a place a seat, one for cancelling
};

}  // namespace polder
