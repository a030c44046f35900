// Enumerations by the names that texts use.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace polder {

/// Throws Error bad_input that lists the names.
template <typename Names>
std::size_t index_of_name(std::string_view name, const Names& names, std::string_view what) {
  std::string known;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
    known += (i > 0 ? ", " : "") + std::string(names[i]);
  }
  fail(Code::bad_input, "{}: '{}' is none of: {}", what, name, known);
}

}  // namespace polder
