// What spreadsheets and data frames put around identifiers, or make of them.
#pragma once

#include <string_view>

namespace polder {

/// The content of ="0012" and of '0012, by which spreadsheets keep a number as it is written; any
/// other text itself. An apostrophe before a letter is part of a name.
std::string_view unwrapped(std::string_view folded);

/// Throws Error bad_input for 4,68769E+17: the digits that it lost cannot be known.
void refuse_exponent(std::string_view folded);

/// Throws Error bad_input for 1001.0: the number 1001, or a text that is none.
void refuse_decimals(std::string_view folded);

}  // namespace polder
