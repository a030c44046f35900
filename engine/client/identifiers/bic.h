// Business identifier codes, which name banks.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// 8 signs, or 11 for a branch; xxx is the head office, which 8 signs name too.  Throws Error
/// bad_input if it is none. Source: ISO 9362.
std::string bic_form(std::string_view folded);

}  // namespace polder
