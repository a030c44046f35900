// What the process gives up before it reads a key: core dumps, being traced, files that others may
// read.
#pragma once

#include <cstddef>
#include <span>

namespace polder {

/// No core dumps, not dumpable, umask 077, SIGPIPE ignored. Throws Error internal.
void harden_process();

/// Keeps a key out of swap for as long as this lives; best effort (RLIMIT_MEMLOCK may be small).
class LockedMemory {
 public:
  explicit LockedMemory(std::span<const unsigned char> memory);
  LockedMemory(const LockedMemory&) = delete;
  LockedMemory& operator=(const LockedMemory&) = delete;
  ~LockedMemory();
  bool locked() const { return locked_; }

 private:
  std::span<const unsigned char> memory_;
  bool locked_;
};

}  // namespace polder
