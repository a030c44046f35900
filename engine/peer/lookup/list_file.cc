#include "peer/lookup/list_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "crypto/hex.h"
#include "crypto/random.h"

namespace polder {
namespace {

namespace fs = std::filesystem;

/// A file beside the final one, removed unless it takes its name.
class Beside {
 public:
  explicit Beside(const fs::path& file) : file_(file), beside_(name_beside(file)) {}
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside() {
    if (!beside_.empty()) ::unlink(beside_.c_str());
  }

  const fs::path& path() const { return beside_; }

  void take_name() {
    if (::rename(beside_.c_str(), file_.c_str()) != 0)
      fail_on_file(file_, "cannot be written", errno);
    beside_.clear();
  }

 private:
  /// Several look-ups may run side by side.
  static fs::path name_beside(const fs::path& file) {
    std::array<std::uint8_t, 8> number;
    random_bytes(number);
    return fmt::format("{}.{}.part", file.string(), to_hex(number));
  }

  const fs::path file_;
  fs::path beside_;
};

void write_all(const fs::path& path, const Descriptor& file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_on_file(path, "cannot be written", errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::optional<ListFile> ListFile::kept(const fs::path& file, const ListHead& head) {
  if (!fs::exists(file)) return {};
  ListFile list(file, Descriptor(file, O_RDONLY), head);
  if (!list.is_whole()) return {};
  return list;
}

// Not brought to disk by force: what a crash leaves is checked, and fetched again if need be.
ListFile ListFile::received(const fs::path& file, const ListHead& head, Channel& from) {
  Beside beside(file);
  ListFile list(file, Descriptor(beside.path(), O_RDWR | O_CREAT | O_EXCL), head);
  ListDigest digest(head.shape, head.public_point);
  Bytes piece;
  in_pieces(head.shape.bytes(), [&](std::uint64_t, std::uint64_t size) {
    piece.resize(size);
    from.receive(piece);
    digest.add(piece);
    write_all(beside.path(), list.file_, piece);
  });
  if (digest.finish() != head.fingerprint)
    fail(Code::cheating, "its register is not the one whose fingerprint it gave");
  beside.take_name();
  return list;
}

std::optional<std::string> ListFile::find(const VoprfOutput& output) const {
  const Digest128 tag = tag_of(output);
  Bytes entry(head_.shape.entry_bytes());
  std::uint64_t first = 0, end = head_.shape.entries;
  while (first < end) {
    const std::uint64_t middle = first + (end - first) / 2;
    read_at(middle * entry.size(), entry);
    const int order = std::memcmp(entry.data(), tag.data(), tag.size());
    if (order == 0) return read_entry(head_.shape, output, entry);
    if (order < 0) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  return {};
}

bool ListFile::is_whole() const {
  struct stat status {};
  if (::fstat(file_.number(), &status) != 0) fail_on_file(path_, "cannot be read", errno);
  if (static_cast<std::uint64_t>(status.st_size) != head_.shape.bytes()) return false;
  ListDigest digest(head_.shape, head_.public_point);
  Bytes piece;
  in_pieces(head_.shape.bytes(), [&](std::uint64_t offset, std::uint64_t size) {
    piece.resize(size);
    read_at(offset, piece);
    digest.add(piece);
  });
  return digest.finish() == head_.fingerprint;
}

void ListFile::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  while (!out.empty()) {
    const ssize_t read =
        ::pread(file_.number(), out.data(), out.size(), static_cast<off_t>(offset));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) fail_on_file(path_, "cannot be read", errno);
    if (read == 0) fail(Code::busy, "{} became shorter while it was read", path_.string());
    out = out.subspan(static_cast<std::size_t>(read));
    offset += static_cast<std::uint64_t>(read);
  }
}

}  // namespace polder
