#include "client/identifiers/spreadsheets.h"

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// What stands between the quotes of ="...", if that is all.
std::string_view formula_text(std::string_view text) {
  if (text.size() < 3 || !text.starts_with("=\"") || !text.ends_with('"')) return text;
  const std::string_view inner = text.substr(2, text.size() - 3);
  return inner.find('"') == std::string_view::npos ? trimmed(inner) : text;
}

std::string_view without_mark(std::string_view text) {
  if (!text.starts_with('\'')) return text;
  const std::string_view rest = trimmed(text.substr(1));
  if (rest.empty()) return text;
  const bool marked = is_digit(rest[0]) || std::string_view("+-='").find(rest[0]) != text.npos;
  return marked ? rest : text;
}

/// Digits at the front, taken off; how many.
std::size_t take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count;
}

bool take_any(std::string_view& text, std::string_view of) {
  if (text.empty() || of.find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Digits, a decimal point or comma with digits, or none; what stands behind is left in `text`.
struct Decimal {
  bool is_number;
  std::string_view fraction;
};
Decimal take_decimal(std::string_view& text) {
  take_any(text, "+-");
  if (take_digits(text) == 0) return {false, {}};
  std::string_view rest = text;
  if (!take_any(rest, ".,")) return {true, {}};
  const std::string_view from = rest;
  const std::size_t digits = take_digits(rest);
  if (digits > 0) text = rest;
  return {true, from.substr(0, digits)};
}

bool starts_as_number(std::string_view text) {
  return is_digit(text[0]) || text[0] == '+' || text[0] == '-';
}

}  // namespace

std::string_view unwrapped(std::string_view folded) {
  while (true) {
    const std::string_view inner = without_mark(formula_text(folded));
    if (inner.size() == folded.size()) return folded;
    folded = inner;
  }
}

/// 12E5 is a code as well as a number, and stays; what programs write has a sign or a fraction.
void refuse_exponent(std::string_view folded) {
  if (folded.empty() || !starts_as_number(folded)) return;
  const Decimal decimal = take_decimal(folded);
  if (!decimal.is_number || !take_any(folded, "e")) return;
  const bool has_sign = take_any(folded, "+-");
  const bool damaged =
      take_digits(folded) > 0 && folded.empty() && (has_sign || !decimal.fraction.empty());
  if (!damaged) return;
  fail(Code::bad_input,
       "a spreadsheet has made a rounded number of the identifier, and its last digits are lost; "
       "export it again with the column as text, or, if it is written so, give the column the kind "
       "exact");
}

void refuse_decimals(std::string_view folded) {
  if (folded.empty() || !starts_as_number(folded)) return;
  const Decimal decimal = take_decimal(folded);
  const bool only_zeros = decimal.fraction.find_first_not_of('0') == std::string_view::npos;
  if (!decimal.is_number || decimal.fraction.empty() || !only_zeros || !folded.empty()) return;
  fail(
      Code::bad_input,
      "the identifier ends in .0, as programs write whole numbers that they keep as decimals; give "
      "the column the kind number, which takes 1001.0 for 1001, or exact if the .0 is part of it");
}

}  // namespace polder
