// Threads that share out one piece of work after the other; between them they sleep.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <vector>

namespace polder {

/// Belongs to the thread that made it, which takes part as the first worker.
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

 private:
  class Worker;
  std::vector<std::unique_ptr<Worker>> others_;
};

}  // namespace polder
