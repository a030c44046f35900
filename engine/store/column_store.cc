#include "store/column_store.h"

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {
namespace {

Secret<32> derived(const StoreKey& key, std::string_view purpose) {
  return Secret<32>(keyed_hash256(key.raw(), purpose));
}

/// What a file is asked for by: its place and its name, so that no other fits.
std::string label(std::string_view what, std::string_view name) {
  return fmt::format("{}\n{}", what, name);
}

std::filesystem::path made(std::filesystem::path folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    fail(Code::forbidden, "store {}: cannot be made ({})", folder.string(), error.message());
  return folder;
}

}  // namespace

ColumnStore::ColumnStore(const std::filesystem::path& folder, const StoreKey& key)
    : folder_(made(folder)),
      file_key_(derived(key, "polder column files v1")),
      name_key_(derived(key, "polder column names v1")) {}

std::string ColumnStore::name_of(std::span<const std::uint8_t> contents,
                                 std::string_view what) const {
  return to_hex(Hasher<32>(name_key_.raw()).add(what).add("\n").add(contents).finish());
}

std::filesystem::path ColumnStore::path_of(std::string_view name) const { return folder_ / name; }

std::string ColumnStore::write(std::span<const std::uint8_t> contents,
                               std::string_view what) const {
  const std::string name = name_of(contents, what);
  EncryptedFileWriter writer(path_of(name), label(what, name), file_key_);
  writer.append(contents);
  writer.finish();
  return name;
}

void ColumnStore::read(std::string_view name, std::string_view what,
                       std::span<std::uint8_t> contents) const {
  const EncryptedFile file(path_of(name), label(what, name), file_key_);
  if (file.size() != contents.size()) {
    fail(Code::cheating, "column file {}: {} bytes long, not {}", path_of(name).string(),
         file.size(), contents.size());
  }
  file.read(0, contents);
}

bool ColumnStore::looks_whole(std::string_view name, std::string_view what,
                              std::uint64_t bytes) const {
  try {
    return EncryptedFile(path_of(name), label(what, name), file_key_).size() == bytes;
  } catch (const Error&) {
    return false;
  }
}

void ColumnStore::remove(std::string_view name) const {
  std::error_code ignored;  // a file that cannot be removed now is an orphan at the next start
  std::filesystem::remove(path_of(name), ignored);
}

std::vector<std::string> ColumnStore::names() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

void ColumnStore::remove_unfinished() const {
  for (const std::string& name : names()) {
    if (name.ends_with(unfinished_suffix)) remove(name);
  }
}

std::vector<std::uint8_t> ColumnStore::key_mark() const {
  const Digest256 mark = keyed_hash256(name_key_.raw(), "polder store key mark v1");
  return {mark.begin(), mark.end()};
}

std::uint64_t ColumnStore::bytes_free() const {
  std::error_code error;
  const auto space = std::filesystem::space(folder_, error);
  return error ? 0 : space.available;
}

}  // namespace polder
