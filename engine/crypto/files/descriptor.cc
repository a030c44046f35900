#include "crypto/files/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace polder {

Descriptor::Descriptor(const std::filesystem::path& path, int flags)
    : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
  if (number_ < 0) fail_on_file(path, "cannot be opened", errno);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

void Descriptor::close() noexcept {
  if (is_open()) ::close(std::exchange(number_, -1));
}

void fail_on_file(const std::filesystem::path& path, std::string_view what, int error) {
  const std::string why = std::generic_category().message(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      fail(Code::not_found, "{} {}: {}", path.string(), what, why);
    case EACCES:
    case EPERM:
    case EROFS:
      fail(Code::forbidden, "{} {}: {}; check its owner and mode", path.string(), what, why);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      fail(Code::busy, "{} {}: {}; free some space and try again", path.string(), what, why);
    default:
      fail(Code::busy, "{} {}: {}; check the disk", path.string(), what, why);
  }
}

}  // namespace polder
