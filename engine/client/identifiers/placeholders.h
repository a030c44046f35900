// What people and programs write where there is no value.
#pragma once

#include <string_view>

namespace polder {

/// Whether folded text says that there is no value: a word for it (null, n/a, unknown, …), a
/// spreadsheet's error, nothing but punctuation, zeros with or without separators, letters before
/// five zeros or more, one digit eight times or more, or 123456789.
bool is_placeholder(std::string_view folded);

}  // namespace polder
