#include "client/files/key_columns.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "client/files/header.h"
#include "client/nodes/tables.h"

namespace polder {
namespace {

namespace fs = std::filesystem;

std::string file_name(const std::string& path) { return fs::path(path).filename().string(); }

/// Which file an item's first part names; none if it names none.
std::optional<std::size_t> file_named(std::string_view name,
                                      const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (name == files[i] || name == file_name(files[i]) ||
        name == fs::path(files[i]).stem().string())
      return i;
  }
  return {};
}

bool called_alike(const KeyOf& one, const KeyOf& other) {
  const auto folded = [](const KeyColumn& column) { return folded_name(column.name); };
  return std::ranges::equal(one.columns, other.columns, {}, folded, folded);
}

std::string names_of(const KeyOf& key) {
  std::vector<std::string> names;
  for (const KeyColumn& column : key.columns) names.push_back(column.name);
  return quoted_list(names);
}

}  // namespace

std::vector<std::vector<std::string>> key_columns(const std::vector<std::string>& said,
                                                  const std::vector<std::string>& files) {
  std::vector<std::vector<std::string>> keys(files.size());
  std::optional<std::size_t> file;
  for (const std::string& item : said) {
    const std::size_t colon = item.find(':');
    const auto named = colon == item.npos
                           ? std::nullopt
                           : file_named(std::string_view(item).substr(0, colon), files);
    if (named && !file && &item != &said.front())
      fail(Code::bad_input,
           "--id names columns of all files and one of {}; name a file for each column",
           file_name(files[*named]));
    if (named) file = named;
    if (file) {
      keys[*file].push_back(named ? item.substr(colon + 1) : item);
    } else {
      for (auto& key : keys) key.push_back(item);
    }
  }
  for (std::size_t i = 0; i < files.size() && file; ++i) {
    if (keys[i].empty() && !is_table(files[i]))
      fail(Code::bad_input, "--id names no column of {}; name one for each file: --id {}:COL",
           files[i], file_name(files[i]));
  }
  return keys;
}

void check_keys_agree(const std::vector<KeyOf>& keys, KeyNames names) {
  for (std::size_t i = 1; i < keys.size(); ++i) {
    const KeyOf &first = keys[0], &other = keys[i];
    const std::string remedy = fmt::format("say which belong together: --id {}:COL,{}:COL",
                                           file_name(first.file), file_name(other.file));
    if (first.columns.size() != other.columns.size() ||
        (names == KeyNames::must_agree && !called_alike(first, other))) {
      fail(Code::bad_schema, "{} is compared by {}, {} by {}; {}", first.file, names_of(first),
           other.file, names_of(other), remedy);
    }
    if (!comparable(first.columns, other.columns)) {
      fail(Code::bad_schema,
           "{} is compared by {}, {} by {}: other kinds never match; give them the same: --id "
           "COL:KIND",
           first.file, shown(first.columns), other.file, shown(other.columns));
    }
  }
}

std::vector<std::string> name_warnings(const std::vector<KeyOf>& keys) {
  std::vector<std::string> warnings;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (called_alike(keys[0], keys[i])) continue;
    warnings.push_back(
        fmt::format("{} is compared by {}, {} by {}: make sure that they mean the same",
                    keys[0].file, names_of(keys[0]), keys[i].file, names_of(keys[i])));
  }
  return warnings;
}

}  // namespace polder
