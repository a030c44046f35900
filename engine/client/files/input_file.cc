#include "client/files/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "crypto/hash.h"

namespace polder {
namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 18;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      // Not blocking: opening a named pipe must not hang before it is refused.
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return file_; }

 private:
  int file_;
};

[[noreturn]] void refuse_opening(const std::string& path, int cause) {
  if (cause == ENOENT || cause == ENOTDIR)
    fail(Code::not_found, "{}: there is no such file; check the path", path);
  if (cause == EACCES || cause == EPERM)
    fail(Code::forbidden, "{}: no permission to read it; check the file's rights", path);
  fail(Code::bad_input, "{}: cannot be opened: {}", path, std::strerror(cause));
}

struct stat status_of(int file, const std::string& path) {
  struct stat status {};
  if (::fstat(file, &status) != 0)
    fail(Code::bad_input, "{}: cannot be read: {}", path, std::strerror(errno));
  return status;
}

bool same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// Reads from the start to the end; returns the hash of it all.
template <typename Take>
Digest256 read_all(int file, const std::string& path, Take take) {
  std::vector<std::uint8_t> buffer(piece_bytes);
  Hasher<32> hash;
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(file, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(Code::bad_input, "{}: cannot be read: {}", path, std::strerror(errno));
    if (got == 0) break;
    at += got;
    const std::span<const std::uint8_t> piece(buffer.data(), static_cast<std::size_t>(got));
    hash.add(piece);
    take(piece);
  }
  return hash.finish();
}

[[noreturn]] void refuse_change(const std::string& path) {
  fail(Code::bad_input,
       "{}: the file changed while it was read; nothing was used, try again when it is complete",
       path);
}

}  // namespace

void read_input_file(const std::string& path, const InputFileHandlers& handlers) {
  const Descriptor file(path);
  if (file.number() < 0) refuse_opening(path, errno);
  const struct stat before = status_of(file.number(), path);
  if (S_ISDIR(before.st_mode))
    fail(Code::bad_input, "{}: is a folder; name the CSV file in it", path);
  if (!S_ISREG(before.st_mode))
    fail(Code::bad_input, "{}: is not a regular file; save the data to a file first", path);

  std::size_t done = 0;
  const Digest256 first = read_all(file.number(), path, [&](std::span<const std::uint8_t> piece) {
    done += piece.size();
    handlers.bytes(piece);
    if (handlers.progress) handlers.progress(done, static_cast<std::size_t>(before.st_size));
  });
  const Digest256 second = read_all(file.number(), path, [](std::span<const std::uint8_t>) {});

  struct stat now {};
  const bool there = ::stat(path.c_str(), &now) == 0;  // another file may have taken its name
  if (!there || !same(before, now) || !same(before, status_of(file.number(), path)) ||
      first != second) {
    refuse_change(path);
  }
}

}  // namespace polder
