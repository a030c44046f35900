#include "client/identifiers/number.h"

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {
namespace {

std::string_view without_zero_fraction(std::string_view text) {
  const std::size_t point = text.find_last_of(".,");
  if (point == std::string_view::npos || point + 1 == text.size()) return text;
  const bool zeros = text.find_first_not_of('0', point + 1) == std::string_view::npos;
  // Three zeros may be thousands: 100.000 is refused as any other point is.
  return zeros && text.size() - point - 1 != 3 ? text.substr(0, point) : text;
}

}  // namespace

std::string number_form(std::string_view folded) {
  std::string_view text = folded;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string digits = without(without_zero_fraction(text), " '");
  if (digits.empty() || !all_digits(digits)) {
    fail(Code::bad_input,
         "not a whole number; write digits without points and commas, or give the column the kind "
         "text");
  }
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  return (negative ? "-" : "") + digits.substr(first);
}

}  // namespace polder
