#include "governance/names.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"

namespace polder {

std::string name_in(JsonFields& fields, std::string_view field) {
  const std::string& name = fields.text(field);
  check_name(name, fmt::format("{}: '{}'", fields.what(), field));
  return name;
}

std::vector<std::string> names_in(JsonFields& fields, std::string_view field) {
  std::vector<std::string> names;
  for (const Json& item : fields.list(field)) {
    const auto* const name = item.get_if<std::string>();
    if (name == nullptr) fields.refuse(field, "a list of names");
    check_name(*name, fmt::format("{}: '{}'", fields.what(), field));
    names.push_back(*name);
  }
  const bool in_order =
      std::ranges::adjacent_find(names, std::ranges::greater_equal()) == names.end();
  if (names.empty() || names.size() > max_listed_names || !in_order)
    fields.refuse(field,
                  fmt::format("1 to {} names, each once and in byte order", max_listed_names));
  return names;
}

std::string hex_in(JsonFields& fields, std::string_view field, std::size_t bytes) {
  const std::string& digits = fields.text(field);
  check_hex(digits, bytes, fmt::format("{}: '{}'", fields.what(), field));
  return digits;
}

Json::List to_json(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

}  // namespace polder
