#include "store/spare_space.h"

#include <fcntl.h>

#include "crypto/files/descriptor.h"

namespace polder {
namespace {

constexpr off_t spare_bytes = 4 * 1024 * 1024;  // a deletion writes some pages of 4 KB

}  // namespace

void SpareSpace::refill() const noexcept try {
  const Descriptor file(file_, O_WRONLY | O_CREAT);
  if (posix_fallocate(file.number(), 0, spare_bytes) != 0) give_up();  // all of it or nothing
} catch (const Error&) {
  return;  // no room to keep
}

bool SpareSpace::give_up() const noexcept {
  std::error_code ignored;
  const bool had = std::filesystem::file_size(file_, ignored) >= spare_bytes && !ignored;
  std::filesystem::remove(file_, ignored);
  return had;
}

}  // namespace polder
