// Room on the disk that is kept for deletions: a file that is given up when a deletion cannot be
// written down, so that a full disk does not keep its owner from freeing it.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace polder {

class SpareSpace {
 public:
  /// Does not allocate yet.
  explicit SpareSpace(std::filesystem::path file) : file_(std::move(file)) {}

  /// Allocates what is missing, where the disk has it; never throws.
  void refill() const noexcept;

  /// work(), and once more after giving the space up if the disk was full. For deletions alone.
  template <typename Work>
  auto use(Work work) const {
    try {
      return work();
    } catch (const Error& error) {
      if (error.code() != Code::busy || !give_up()) throw;
    }
    return work();
  }

 private:
  bool give_up() const noexcept;

  std::filesystem::path file_;
};

}  // namespace polder
