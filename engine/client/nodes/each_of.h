// The same work for several things at once, and one error out of it.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace polder {

/// work(0) to work(count - 1), at most `at_once` at a time on threads of their own. After an error
/// no further one is begun; the first is thrown when those that run are over.
template <typename Work>
void each_of(std::size_t count, std::size_t at_once, Work work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr error;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(count, at_once); ++i) threads.emplace_back(run);
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace polder
