// Time since it was made: by the clock, and of all of this process's threads.
#pragma once

#include <ctime>

namespace polder::bench {

class Stopwatch {
 public:
  double seconds() const { return now(CLOCK_MONOTONIC) - start_; }
  double cpu_seconds() const { return now(CLOCK_PROCESS_CPUTIME_ID) - cpu_start_; }

 private:
  static double now(clockid_t clock) {
    std::timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  }

  double start_ = now(CLOCK_MONOTONIC), cpu_start_ = now(CLOCK_PROCESS_CPUTIME_ID);
};

}  // namespace polder::bench
