// The error that came first among threads that work together: the cause of the others.
#pragma once

#include <exception>
#include <mutex>

namespace polder {

/// Thread-safe.
class FirstError {
 public:
  void keep(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace polder
