// Encrypted files, written once and read in any range: what column files are. Whoever changes,
// cuts, reorders, swaps or brings back old bytes on the disk is noticed before a byte is used.
//
// A file is a header (8 bytes of magic and version, 32 random bytes: its identity) and chunks of
// 64 KiB under ChaCha20-Poly1305, each 16 bytes longer for its tag; only the last is shorter. The
// file's key is a keyed hash of header and name. A chunk's nonce is its number and whether it is
// the last, so the last chunk proves the length.  Source: the STREAM construction of Hoang,
// Reyhanitabar, Rogaway, Vizar, "Online authenticated encryption and its nonce-reuse
// misuse-resistance", CRYPTO 2015; docs/decisions/0001-column-file-encryption.md.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "base/memory.h"
#include "crypto/files/descriptor.h"
#include "crypto/secret.h"

namespace polder {

using FileKey = Secret<32>;
/// Drawn anew for each file written. Whoever remembers it elsewhere notices an older file of the
/// same name that was put back.
using FileIdentity = std::array<std::uint8_t, 32>;

/// A name under which a file is not yet there: what a crash leaves behind ends so.
inline constexpr std::string_view unfinished_suffix = ".part";

/// Writes beside `path` under a name that ends in ".part", and gives the file its name once it is
/// whole and on the disk. All throw Error naming the path: busy (disk full, input or output error),
/// not_found or forbidden (folder). After an error the writer is of no use and its file gone; there
/// is never a part of one under `path`.
class EncryptedFileWriter {
 public:
  /// `name` is what the reader must ask for; it need not be the path.
  EncryptedFileWriter(std::filesystem::path path, std::string_view name, const FileKey& key);
  EncryptedFileWriter(const EncryptedFileWriter&) = delete;
  EncryptedFileWriter& operator=(const EncryptedFileWriter&) = delete;
  ~EncryptedFileWriter();

  void append(std::span<const std::uint8_t> bytes);
  /// Returns when the file and its name would survive a power cut. A file of that path is replaced.
  FileIdentity finish();

 private:
  enum class Last : std::uint8_t { no, yes };
  void write_chunk(Last last);
  void write(std::span<const std::uint8_t> bytes);
  void give_name();
  void abandon() noexcept;
  [[noreturn]] void fail_abandoned(int error);

  const std::filesystem::path path_, part_;
  const FileIdentity identity_;
  const FileKey key_;
  Bytes buffer_;
  Descriptor file_;  // last: nothing that fails may follow its making
  std::uint64_t chunk_ = 0;
  std::size_t filled_ = 0;
};

/// An encrypted file, open for reading. Reads may come from several threads at once.
class EncryptedFile {
 public:
  /// Throws Error not_found, forbidden, busy (input error), or cheating if this is not, whole, a
  /// file that was written under this name and key. Checks the header and the last chunk.
  EncryptedFile(std::filesystem::path path, std::string_view name, const FileKey& key);

  /// Of the contents, in bytes.
  std::uint64_t size() const { return size_; }
  const FileIdentity& identity() const { return identity_; }

  /// Contents from `offset` on.  Throws Error bad_input if they end before, busy (input error), or
  /// cheating if a chunk is not what was written: `bytes` are then of no use.
  void read(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

 private:
  FileIdentity read_identity() const;
  void read_size();
  std::size_t length_of(std::uint64_t chunk) const;
  void read_chunk(std::uint64_t chunk, std::span<std::uint8_t> bytes) const;
  void read_raw(std::uint64_t position, std::span<std::uint8_t> bytes) const;
  [[noreturn]] void fail_damaged() const;

  std::filesystem::path path_;
  Descriptor file_;
  FileIdentity identity_;
  FileKey key_;
  std::uint64_t size_ = 0;
  std::uint64_t chunks_ = 0;
};

}  // namespace polder
