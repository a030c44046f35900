// A flag that a thread asleep in poll wakes up for.
#pragma once

namespace polder {

class EventFd {
 public:
  /// Throws Error busy if there are no descriptors left.
  EventFd();
  EventFd(const EventFd&) = delete;
  EventFd& operator=(const EventFd&) = delete;
  ~EventFd();

  /// From any thread; `descriptor` is readable from now on.
  void signal() noexcept;
  /// Until the next signal it is not.
  void clear() noexcept;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace polder
