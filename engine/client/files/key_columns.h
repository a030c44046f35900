// Of which file's key a column is, as a user says it: COLUMN for all files, or FILE:COLUMN for one.
#pragma once

#include <string>
#include <vector>

#include "wire/key_column.h"

namespace polder {

/// What was said, one item a column, for each of the files, without the file's name. That is its
/// path, its name or that without .csv; columns after FILE:COLUMN without a file of their own are
/// of that file too.  Throws Error bad_input: columns of some files only, or of one and of all.
std::vector<std::vector<std::string>> key_columns(const std::vector<std::string>& said,
                                                  const std::vector<std::string>& files);

/// What a file or table is compared by.
struct KeyOf {
  std::string file;
  std::vector<KeyColumn> columns;
};

/// Whether inputs may be compared: keys of as many columns and of the same kinds, called alike
/// unless it was said which belong together.  Throws Error bad_schema.
enum class KeyNames { must_agree, may_differ };
void check_keys_agree(const std::vector<KeyOf>& keys, KeyNames names);

/// A sentence for each two inputs whose keys have other names; those that nobody said belong
/// together.
std::vector<std::string> name_warnings(const std::vector<KeyOf>& keys);

}  // namespace polder
