#include "job.h"

#include <nanobind/stl/string.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace nb = nanobind;

namespace polder {
namespace {

constexpr std::chrono::milliseconds look_up{50};

/// What the working thread leaves for the calling one.
class Handover {
 public:
  void put(std::string_view stage, double done) {
    const std::lock_guard lock(mutex_);
    step_.emplace(stage, done);
  }

  void finish(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    finished_ = true;
    changed_.notify_all();
  }

  /// Waits a moment; true when the work is over.
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, look_up, [&] { return finished_; });
  }

  std::optional<std::pair<std::string, double>> take_step() {
    const std::lock_guard lock(mutex_);
    return std::exchange(step_, std::nullopt);
  }

  const std::exception_ptr& error() const { return error_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::pair<std::string, double>> step_;
  bool finished_ = false;
  std::exception_ptr error_;
};

void tell(Handover& handover, const nb::object& progress) {
  if (PyErr_CheckSignals() != 0) throw nb::python_error();
  const auto step = handover.take_step();
  if (step && !progress.is_none()) progress(step->first, step->second);
}

}  // namespace

void run_job(const nb::object& progress, const JobWork& work) {
  Handover handover;
  CancellationToken cancellation;
  std::exception_ptr stopped;
  {
    const std::jthread thread([&] {
      std::exception_ptr error;
      try {
        work(cancellation, [&](std::string_view stage, double done) { handover.put(stage, done); });
      } catch (...) {
        error = std::current_exception();
      }
      handover.finish(std::move(error));
    });
    while (true) {
      {
        const nb::gil_scoped_release unlocked;
        if (handover.wait()) break;
      }
      if (stopped) continue;
      try {
        tell(handover, progress);
      } catch (...) {
        stopped = std::current_exception();
        cancellation.cancel();
      }
    }
  }
  if (stopped) std::rethrow_exception(stopped);
  if (handover.error()) std::rethrow_exception(handover.error());
}

}  // namespace polder
