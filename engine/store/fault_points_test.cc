// The calls themselves, in place of the C library's for the whole test program, SQLite included.
#include "store/fault_points.h"

#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace polder {
namespace {

std::atomic<Fault> wanted = Fault::none;
std::atomic<long> countdown = 0;
std::atomic<long> calls = 0;

/// True if this call must fail; does not return if it is the last one.
bool strikes() {
  ++calls;
  if (wanted == Fault::none || countdown-- != 0) return false;
  if (wanted == Fault::kill) kill(getpid(), SIGKILL);
  errno = ENOSPC;
  return true;
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

void set_fault(Fault fault, long at) {
  wanted = fault;
  countdown = at;
  calls = 0;
}

long disk_calls() { return calls; }

}  // namespace polder

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
  static auto* const next = polder::real<ssize_t(int, const void*, size_t)>("write");
  if (file <= 2) return next(file, bytes, count);  // what the test itself prints
  return polder::strikes() ? -1 : next(file, bytes, count);
}
ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  static auto* const next = polder::real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return polder::strikes() ? -1 : next(file, bytes, count, offset);
}
int fsync(int file) {
  static auto* const next = polder::real<int(int)>("fsync");
  return polder::strikes() ? -1 : next(file);
}
int fdatasync(int file) {
  static auto* const next = polder::real<int(int)>("fdatasync");
  return polder::strikes() ? -1 : next(file);
}
int ftruncate64(int file, off64_t size) noexcept {
  static auto* const next = polder::real<int(int, off64_t)>("ftruncate64");
  return polder::strikes() ? -1 : next(file, size);
}
int rename(const char* from, const char* to) noexcept {
  static auto* const next = polder::real<int(const char*, const char*)>("rename");
  return polder::strikes() ? -1 : next(from, to);
}
int unlink(const char* file) noexcept {
  static auto* const next = polder::real<int(const char*)>("unlink");
  return polder::strikes() ? -1 : next(file);
}

}  // extern "C"
