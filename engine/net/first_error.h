// The error that came first among threads that work together: the cause of the others.
#pragma once

#include <exception>
#include <mutex>

#include "base/error.h"

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

/// Runs one party's part on its lines (Mesh or Parties); one that throws tells the others why.
template <typename Lines, typename Part>
void run_part(const Lines& lines, FirstError& first, const Part& part) {
  try {
    part();
    lines.flush();
  } catch (const Error& error) {
    first.keep(std::current_exception());
    lines.abort(error.code(), error.what());
  } catch (const std::exception& error) {
    first.keep(std::current_exception());
    lines.abort(Code::internal, error.what());
  }
}

}  // namespace polder
