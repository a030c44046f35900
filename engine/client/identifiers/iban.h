// International bank account numbers.
#pragma once

#include <string>
#include <string_view>

namespace polder {

/// The IBAN that folded text is once spaces, hyphens, dots and a leading "iban" are taken out;
/// empty if it is none.
std::string iban_in(std::string_view folded);

/// Whether folded text without separators is an IBAN: country, check digits that are right mod 97,
/// 11 to 30 further letters and digits. Source: ISO 13616-1, ISO 7064 MOD 97-10.
bool is_iban(std::string_view value);

/// Whether folded text has the shape of an IBAN, mostly of digits, but wrong check digits: a slip
/// of the pen.
bool is_misspelt_iban(std::string_view folded);

/// Throws Error bad_input if it is no IBAN.
std::string iban_form(std::string_view folded);

}  // namespace polder
