#include "bench/ftmpsi/memory_watch.h"

#include <malloc.h>

#include <fstream>
#include <string>

namespace polder::bench {
namespace {

/// A field of this process's status, in bytes.
double status(const std::string& field) {
  std::ifstream file("/proc/self/status");
  double kilobytes = 0;
  for (std::string word; file >> word;) {
    if (word == field) file >> kilobytes;
  }
  return kilobytes * 1024;
}

}  // namespace

MemoryWatch::MemoryWatch() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins again
  before_ = status("VmRSS:");
}

double MemoryWatch::peak_bytes() const { return status("VmHWM:") - before_; }

}  // namespace polder::bench
