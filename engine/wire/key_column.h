// What identifies a row: the columns of a key as their owner calls them, and what was made of their
// values before they were hashed. Only keys alike in that can match.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace boost::json {
class array;
}

namespace polder {

class Fields;

struct KeyColumn {
  std::string name;
  std::string kind = "text";  // of identifier
  int version = 1;            // of that kind's normal form

  bool operator==(const KeyColumn&) const = default;
};

inline constexpr std::size_t max_key_columns = 64;

boost::json::array to_json(const std::vector<KeyColumn>& keys);
/// Throws Error bad_input naming the field.
std::vector<KeyColumn> read_key_columns(Fields& fields, std::string_view name);

/// Whether hashes of the one can equal hashes of the other: as many columns, kind and version of
/// each alike. Names do not count.
bool comparable(const std::vector<KeyColumn>& one, const std::vector<KeyColumn>& other);

/// 'name' (text 1), 'born' (date 1)
std::string shown(const std::vector<KeyColumn>& keys);

}  // namespace polder
