// A flag that a thread asleep in poll wakes up for.
#pragma once

namespace polder {

class Wake {
 public:
  /// Throws Error busy if there are no descriptors left.
  Wake();
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  ~Wake();

  /// From any thread; `descriptor` is readable from now on.
  void signal() noexcept;
  /// Until the next signal it is not.
  void clear() noexcept;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace polder
