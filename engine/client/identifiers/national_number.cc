#include "client/identifiers/national_number.h"

#include <array>
#include <cstdint>

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {
namespace {

/// Without the signs between groups.
std::string closed(std::string_view folded) { return without(folded, " -./"); }

/// `value` if it fits.
std::string checked(std::string value, bool fits, std::string_view name) {
  if (fits) return value;
  fail(Code::bad_input,
       "not a {}: its length or check digit is wrong; correct it, or give the column the kind text",
       name);
}

bool is_digits(std::string_view value, std::size_t count) {
  return value.size() == count && all_digits(value);
}

/// At most 18 digits.
std::uint64_t number(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char c : digits) value = 10 * value + static_cast<std::uint64_t>(c - '0');
  return value;
}

template <std::size_t n>
int weighted(std::string_view digits, const std::array<int, n>& weights) {
  int sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += weights[i] * (digits[i] - '0');
  return sum;
}

bool bsn_fits(std::string_view value) {
  constexpr std::array weights{9, 8, 7, 6, 5, 4, 3, 2, -1};
  return is_digits(value, 9) && weighted(value, weights) % 11 == 0;
}

bool dni_fits(std::string_view value) {
  constexpr std::string_view letters = "trwagmyfpdxbnjzsqvhlcke";
  if (value.size() != 9) return false;
  std::string digits(value.substr(0, 8));
  if (digits[0] >= 'x' && digits[0] <= 'z') digits[0] = static_cast<char>('0' + (digits[0] - 'x'));
  return is_digits(digits, 8) && value[8] == letters[number(digits) % 23];
}

bool nir_fits(std::string_view value) {
  if (value.size() != 15) return false;
  std::string digits(value.substr(0, 13));
  const std::string_view department = value.substr(5, 2);
  if (department == "2a") digits.replace(5, 2, "19");  // Corsica
  if (department == "2b") digits.replace(5, 2, "18");
  return is_digits(digits, 13) && is_digits(value.substr(13), 2) &&
         number(value.substr(13)) == 97 - number(digits) % 97;
}

bool pesel_fits(std::string_view value) {
  constexpr std::array weights{1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
  return is_digits(value, 11) && weighted(value, weights) % 10 == 0;
}

/// Who was born since 2000 has a 2 before the number when it is checked.
bool rrn_fits(std::string_view value) {
  if (!is_digits(value, 11)) return false;
  const std::uint64_t before = number(value.substr(0, 9)), check = number(value.substr(9));
  return check == 97 - before % 97 || check == 97 - (before + 2'000'000'000) % 97;
}

bool steuer_id_fits(std::string_view value) {
  if (!is_digits(value, 11) || value[0] == '0') return false;
  int product = 10;
  for (const char c : value.substr(0, 10)) {
    const int sum = (c - '0' + product) % 10;
    product = 2 * (sum == 0 ? 10 : sum) % 11;
  }
  return (11 - product) % 10 == value[10] - '0';
}

}  // namespace

std::string bsn_form(std::string_view folded) {
  std::string value = closed(folded);
  if (value.size() == 8) value.insert(0, "0");
  return checked(value, bsn_fits(value), "BSN");
}

std::string dni_form(std::string_view folded) {
  const std::string value = closed(folded);
  return checked(value, dni_fits(value), "DNI or NIE");
}

std::string nir_form(std::string_view folded) {
  const std::string value = closed(folded);
  return checked(value, nir_fits(value), "NIR");
}

std::string pesel_form(std::string_view folded) {
  const std::string value = closed(folded);
  return checked(value, pesel_fits(value), "PESEL");
}

std::string rrn_form(std::string_view folded) {
  const std::string value = closed(folded);
  return checked(value, rrn_fits(value), "national register number of Belgium");
}

std::string steuer_id_form(std::string_view folded) {
  const std::string value = closed(folded);
  return checked(value, steuer_id_fits(value), "tax identification number of Germany");
}

}  // namespace polder
