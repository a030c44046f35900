#include "wire/key_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"

namespace polder {
namespace json = boost::json;

json::array to_json(const std::vector<KeyColumn>& keys) {
  json::array list;
  for (const KeyColumn& key : keys)
    list.push_back({{"name", key.name}, {"kind", key.kind}, {"version", key.version}});
  return list;
}

std::vector<KeyColumn> read_key_columns(Fields& fields, std::string_view name) {
  std::vector<KeyColumn> keys;
  for (const json::value& value : fields.list(name, max_key_columns)) {
    if (!value.is_object()) fail(Code::bad_input, "{}: each must be an object", name);
    Fields column(value.get_object(), name);
    keys.push_back({.name = column.name("name"),
                    .kind = column.name("kind"),
                    .version = static_cast<int>(column.integer("version", 1, 1'000'000))});
    column.done();
  }
  return keys;
}

bool comparable(const std::vector<KeyColumn>& one, const std::vector<KeyColumn>& other) {
  return std::ranges::equal(one, other, [](const KeyColumn& a, const KeyColumn& b) {
    return a.kind == b.kind && a.version == b.version;
  });
}

std::string shown(const std::vector<KeyColumn>& keys) {
  std::string text;
  for (const KeyColumn& key : keys) {
    if (!text.empty()) text += ", ";
    text += fmt::format("'{}' ({} {})", key.name, key.kind, key.version);
  }
  return text.empty() ? "no columns" : text;
}

}  // namespace polder
