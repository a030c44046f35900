#include "client/identifiers/phone.h"

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {
namespace {

constexpr std::size_t shortest = 7, longest = 15;  // digits, the country's included

/// Without separators, and without "(0)" behind a country, which is dialled only within it.
std::string dialled(std::string_view folded) {
  std::string text(folded);
  const std::size_t trunk = text.find("(0)");
  if (trunk != std::string::npos && trunk > 0) text.erase(trunk, 3);
  return without(text, " -./()");
}

std::string form(std::string_view folded, std::string_view country) {
  if (folded.starts_with("tel:")) folded.remove_prefix(4);
  std::string digits = dialled(folded);
  if (digits.starts_with('+')) {
    digits.erase(0, 1);
  } else if (digits.starts_with("00")) {
    digits.erase(0, 2);
  } else if (digits.starts_with('0') && !country.empty()) {
    digits.replace(0, 1, country);
  } else {
    fail(
        Code::bad_input,
        "not a telephone number with its country; write it as +31 6 12345678, or give the column a "
        "kind with a country, such as phone_nl");
  }
  if (digits.size() < shortest || digits.size() > longest || !all_digits(digits) ||
      digits[0] == '0') {
    fail(Code::bad_input,
         "not a telephone number of {} to {} digits; correct it, or give the column the kind text",
         shortest, longest);
  }
  return "+" + digits;
}

}  // namespace

std::string phone_form(std::string_view folded) { return form(folded, ""); }
std::string phone_be_form(std::string_view folded) { return form(folded, "32"); }
std::string phone_de_form(std::string_view folded) { return form(folded, "49"); }
std::string phone_fr_form(std::string_view folded) { return form(folded, "33"); }
std::string phone_gb_form(std::string_view folded) { return form(folded, "44"); }
std::string phone_nl_form(std::string_view folded) { return form(folded, "31"); }

}  // namespace polder
