// The folder of a node or a bank: its keys, which only their owner may read, each written once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "crypto/files/descriptor.h"

namespace polder {

/// Makes a folder that only its owner may enter. Throws Error forbidden, or bad_input if `key`, the
/// file that is written last, is in it already.
void make_own_folder(const std::filesystem::path& folder, std::string_view key);

/// One process at a time in a folder, for as long as this lives; a process that dies lets go.
class FolderLock {
 public:
  /// Throws Error not_found (no folder), or busy if another process has it.
  explicit FolderLock(const std::filesystem::path& folder);

 private:
  const Descriptor folder_;
};

/// A new file of mode 600, on disk when this returns. Throws as fail_on_file; an existing file is
/// left as it is.
void write_new(const std::filesystem::path& file, std::span<const std::uint8_t> contents);
void write_new(const std::filesystem::path& file, std::string_view text);

/// Throws Error forbidden if anybody but its owner may read or write the file.
void refuse_readable_by_others(const std::filesystem::path& file);

}  // namespace polder
