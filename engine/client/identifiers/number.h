// Whole numbers as identifiers.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// Digits without leading zeros, with a - if it is negative. Spaces and apostrophes between digits
/// go, and a fraction of zeros.  Throws Error bad_input if it is no whole number.
std::string number_form(std::string_view folded);

}  // namespace polder
