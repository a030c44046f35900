#include "crypto/files/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {
namespace {

constexpr std::string_view magic("polder\0\1", 8);
constexpr std::size_t header_bytes = magic.size() + sizeof(FileIdentity);
constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::size_t tag_bytes = sizeof(AeadTag);
constexpr std::size_t stored_bytes = chunk_bytes + tag_bytes;

// Never twice the same under one key: a file's key is its own.
AeadNonce nonce_of(std::uint64_t chunk, bool last) {
  AeadNonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<std::uint8_t>(chunk >> 8 * i);
  nonce[8] = last ? 1 : 0;
  return nonce;
}

FileKey key_of_file(const FileKey& key, const FileIdentity& identity, std::string_view name) {
  return FileKey::filled([&](FileKey::Raw& raw) {
    raw = Hasher<32>(key.raw()).add(magic).add(identity).add(name).finish();
  });
}

FileIdentity new_identity() {
  FileIdentity identity;
  random_bytes(identity);
  return identity;
}

std::filesystem::path unfinished(const std::filesystem::path& path) {
  std::array<std::uint8_t, 8> random;
  random_bytes(random);
  return path.string() + "." + to_hex(random) + std::string(unfinished_suffix);
}

}  // namespace

EncryptedFileWriter::EncryptedFileWriter(std::filesystem::path path, std::string_view name,
                                         const FileKey& key)
    : path_(std::move(path)),
      part_(unfinished(path_)),
      identity_(new_identity()),
      key_(key_of_file(key, identity_, name)),
      buffer_(stored_bytes),
      file_(part_, O_WRONLY | O_CREAT | O_EXCL) {
  write(bytes_of(magic));
  write(identity_);
}

EncryptedFileWriter::~EncryptedFileWriter() { abandon(); }

void EncryptedFileWriter::append(std::span<const std::uint8_t> bytes) {
  require(file_.is_open(), "file: appended to after its end");
  while (!bytes.empty()) {
    if (filled_ == chunk_bytes) write_chunk(Last::no);
    const std::size_t count = std::min(bytes.size(), chunk_bytes - filled_);
    std::copy_n(bytes.begin(), count, buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += count;
    bytes = bytes.subspan(count);
  }
}

FileIdentity EncryptedFileWriter::finish() {
  require(file_.is_open(), "file: finished twice");
  write_chunk(Last::yes);
  if (fsync(file_.number()) != 0) fail_abandoned(errno);
  give_name();
  return identity_;
}

void EncryptedFileWriter::write_chunk(Last last) {
  const std::span contents = std::span(buffer_).first(filled_);
  const AeadTag tag = encrypt_in_place(key_, nonce_of(chunk_, last == Last::yes), contents);
  std::copy(tag.begin(), tag.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
  write(std::span(buffer_).first(filled_ + tag_bytes));
  filled_ = 0;
  ++chunk_;
}

void EncryptedFileWriter::write(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_abandoned(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void EncryptedFileWriter::give_name() {
  if (rename(part_.c_str(), path_.c_str()) != 0) fail_abandoned(errno);
  file_.close();
  const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
  const Descriptor names(folder, O_RDONLY | O_DIRECTORY);
  if (fsync(names.number()) != 0) fail_on_file(folder, "cannot be written", errno);
}

void EncryptedFileWriter::abandon() noexcept {
  if (!file_.is_open()) return;
  file_.close();
  unlink(part_.c_str());
}

void EncryptedFileWriter::fail_abandoned(int error) {
  abandon();
  fail_on_file(path_, "cannot be written", error);
}

EncryptedFile::EncryptedFile(std::filesystem::path path, std::string_view name, const FileKey& key)
    : path_(std::move(path)),
      file_(path_, O_RDONLY | O_NONBLOCK),  // a pipe put in its place must not stop us
      identity_(read_identity()),
      key_(key_of_file(key, identity_, name)) {
  read_size();
  Bytes last(length_of(chunks_ - 1));
  read_chunk(chunks_ - 1, last);
}

FileIdentity EncryptedFile::read_identity() const {
  std::array<std::uint8_t, header_bytes> header;
  read_raw(0, header);
  if (!std::equal(magic.begin(), magic.end(), header.begin())) fail_damaged();
  FileIdentity identity;
  std::copy_n(header.begin() + magic.size(), identity.size(), identity.begin());
  return identity;
}

void EncryptedFile::read_size() {
  struct stat status;
  if (fstat(file_.number(), &status) != 0) fail_on_file(path_, "cannot be read", errno);
  if (!S_ISREG(status.st_mode)) fail_damaged();
  const auto stored = static_cast<std::uint64_t>(status.st_size);
  if (stored < header_bytes + tag_bytes) fail_damaged();

  chunks_ = ceil_div(stored - header_bytes, stored_bytes);
  size_ = stored - header_bytes - chunks_ * tag_bytes;
  const std::uint64_t before_last = (chunks_ - 1) * chunk_bytes;
  // Only a file of no bytes has a last chunk of none.
  if (chunks_ > 1 && size_ <= before_last) fail_damaged();
}

std::size_t EncryptedFile::length_of(std::uint64_t chunk) const {
  return chunk + 1 < chunks_ ? chunk_bytes : static_cast<std::size_t>(size_ - chunk * chunk_bytes);
}

void EncryptedFile::read(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  if (bytes.size() > size_ || offset > size_ - bytes.size()) {
    fail(Code::bad_input, "{}: asked for {} bytes from {} on, but it has {}", path_.string(),
         bytes.size(), offset, size_);
  }
  while (!bytes.empty()) {
    const std::uint64_t chunk = offset / chunk_bytes;
    const std::size_t start = static_cast<std::size_t>(offset % chunk_bytes);
    const std::size_t count = std::min(bytes.size(), length_of(chunk) - start);
    if (count == length_of(chunk)) {
      read_chunk(chunk, bytes.first(count));
    } else {
      Bytes whole(length_of(chunk));
      read_chunk(chunk, whole);
      std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(start), count, bytes.begin());
    }
    offset += count;
    bytes = bytes.subspan(count);
  }
}

void EncryptedFile::read_chunk(std::uint64_t chunk, std::span<std::uint8_t> bytes) const {
  const std::uint64_t start = header_bytes + chunk * stored_bytes;
  AeadTag tag;
  read_raw(start, bytes);
  read_raw(start + bytes.size(), tag);
  const bool last = chunk + 1 == chunks_;
  if (!decrypt_in_place(key_, nonce_of(chunk, last), bytes, tag)) fail_damaged();
}

void EncryptedFile::read_raw(std::uint64_t position, std::span<std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count =
        pread(file_.number(), bytes.data(), bytes.size(), static_cast<off_t>(position));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_on_file(path_, "cannot be read", errno);
    if (count == 0) fail_damaged();
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    position += static_cast<std::uint64_t>(count);
  }
}

void EncryptedFile::fail_damaged() const {
  fail(Code::cheating,
       "{} is damaged, cut short, or not what was written under this name; put the right file "
       "back, or upload the table again",
       path_.string());
}

}  // namespace polder
