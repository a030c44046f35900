// Names in statements: one spelling for one list.
#pragma once

#include <string>
#include <vector>

#include "base/json_fields.h"

namespace polder {

inline constexpr std::size_t max_listed_names = 128;

/// A name that people read, at most 128 bytes without control characters.
std::string name_in(JsonFields& fields, std::string_view field);
/// A list of such names, at least one, in byte order and none twice.  Throws Error bad_input.
std::vector<std::string> names_in(JsonFields& fields, std::string_view field);
/// Exactly so many bytes in lower-case hex.
std::string hex_in(JsonFields& fields, std::string_view field, std::size_t bytes);

Json::List to_json(const std::vector<std::string>& names);

}  // namespace polder
