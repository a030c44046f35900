// The files under columns/: written once, encrypted and authenticated, named by a keyed hash of
// what they hold and of what it is. A name means one content or none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/files/file.h"

namespace polder {

/// Of a whole node: from it come the keys of its files and of their names.
using StoreKey = Secret<32>;

class ColumnStore {
 public:
  /// Makes the folder if it is not there. Throws Error busy or forbidden naming it.
  ColumnStore(const std::filesystem::path& folder, const StoreKey& key);

  /// Safe on disk, under the name returned, when this returns. `what` says what the contents are
  /// (table and number) and is needed to read them again. Not for two threads with equal arguments.
  /// Throws Error busy if the disk is full, naming the folder.
  std::string write(std::span<const std::uint8_t> contents, std::string_view what) const;

  /// Reads exactly contents.size() bytes. Throws Error not_found or cheating (another size, a
  /// changed bit, another file under this name), naming the file.
  void read(std::string_view name, std::string_view what, std::span<std::uint8_t> contents) const;

  /// Whether the file is there, ours, and of this size; reads only its ends.
  bool looks_whole(std::string_view name, std::string_view what, std::uint64_t bytes) const;

  void remove(std::string_view name) const;
  /// Removes what a crash left half written.
  void remove_unfinished() const;
  std::vector<std::string> names() const;
  std::uint64_t bytes_free() const;
  /// Tells two store keys apart and says nothing else about them.
  std::vector<std::uint8_t> key_mark() const;

 private:
  std::string name_of(std::span<const std::uint8_t> contents, std::string_view what) const;
  std::filesystem::path path_of(std::string_view name) const;

  std::filesystem::path folder_;
  FileKey file_key_;
  Secret<32> name_key_;
};

}  // namespace polder
