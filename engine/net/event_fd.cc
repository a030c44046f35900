#include "net/event_fd.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"

namespace polder {

EventFd::EventFd() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) fail(Code::busy, "no file descriptor left; raise the open file limit");
}

EventFd::~EventFd() { close(descriptor_); }

// Neither call can fail in a way that matters: a full counter is readable, an empty one clear.
void EventFd::signal() noexcept { static_cast<void>(eventfd_write(descriptor_, 1)); }

void EventFd::clear() noexcept {
  eventfd_t count;
  static_cast<void>(eventfd_read(descriptor_, &count));
}

}  // namespace polder
