// Threads that share out one piece of work after the other; between them they sleep.
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

#include "base/bits.h"

namespace polder {

/// Belongs to the thread that made it, which takes part as the first worker; the others take memory
/// on its account.
class Workers {
 public:
  /// Throws std::system_error if the system has no thread left.
  explicit Workers(std::size_t count);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  std::size_t count() const { return others_.size() + 1; }

  /// part(0) on this thread and part(1) … part(parts - 1) on one other each, parts <= count();
  /// returns when all have ended. Throws what the one that failed first threw: the others' errors
  /// tend to follow from it.
  void run(std::size_t parts, const std::function<void(std::size_t)>& part);

  /// Units first, first + 1 … of something that is split.
  struct Range {
    std::size_t first, count;
  };
  /// work(worker, range) for contiguous ranges of all units, one a worker, at the same time; each
  /// begins with a multiple of `grain`. At least one range, which may be empty.
  template <typename Work>
  void split(std::size_t units, std::size_t grain, Work&& work);

 private:
  class Worker;
  std::vector<std::unique_ptr<Worker>> others_;
};

template <typename Work>
void Workers::split(std::size_t units, std::size_t grain, Work&& work) {
  const std::size_t grains = ceil_div(units, grain);
  const std::size_t parts = std::clamp<std::size_t>(grains, 1, count());
  if (parts == 1) return work(std::size_t{0}, Range{0, units});
  run(parts, [&](std::size_t worker) {
    const std::size_t from = grains * worker / parts * grain;
    const std::size_t end = std::min(units, grains * (worker + 1) / parts * grain);
    work(worker, Range{from, end - from});
  });
}

}  // namespace polder
