#include "base/hardening.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "base/error.h"

namespace polder {

void harden_process() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    fail(Code::internal, "start: core dumps cannot be switched off on this system");
  }
  umask(077);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file grew too long: the write says so, and is handled
}

LockedMemory::LockedMemory(std::span<const unsigned char> memory)
    : memory_(memory), locked_(mlock(memory.data(), memory.size()) == 0) {}

LockedMemory::~LockedMemory() {
  if (locked_) munlock(memory_.data(), memory_.size());
}

}  // namespace polder
