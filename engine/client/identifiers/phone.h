// Telephone numbers.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// + and 7 to 15 digits with the country first; 00 counts as +, (0) behind the country goes, and so
/// do spaces, hyphens, dots, slashes, brackets and "tel:". An extension is refused.  Throws Error
/// bad_input if it is none, or has no country. Source: ITU-T E.164.
std::string phone_form(std::string_view folded);

// The same, where a number that begins with one 0 is one of that country.

std::string phone_be_form(std::string_view folded);
std::string phone_de_form(std::string_view folded);
std::string phone_fr_form(std::string_view folded);
std::string phone_gb_form(std::string_view folded);
std::string phone_nl_form(std::string_view folded);

}  // namespace polder
