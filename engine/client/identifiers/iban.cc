#include "client/identifiers/iban.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "client/identifiers/characters.h"

namespace polder {
namespace {

constexpr std::size_t shortest = 15, longest = 34;
constexpr std::string_view separators = " -.";

bool is_separator(char c) { return separators.find(c) != std::string_view::npos; }

/// What is left of "iban: nl91 …" behind its first word.
std::string_view without_word(std::string_view text) {
  if (!text.starts_with("iban")) return text;
  text.remove_prefix(4);
  const std::size_t begin = std::min(text.find_first_not_of(": -."), text.size());
  return text.substr(begin);
}

/// Letters and digits of text in the shape of an IBAN, without separators; empty if it is not.
class Shape {
 public:
  explicit Shape(std::string_view folded) {
    for (const char c : without_word(folded)) {
      if (is_separator(c)) continue;
      if (size_ == longest || !fits(c)) {
        size_ = 0;
        return;
      }
      signs_[size_++] = c;
    }
    if (size_ < shortest) size_ = 0;
  }
  std::string_view signs() const { return {signs_.data(), size_}; }

 private:
  bool fits(char c) const {
    if (size_ < 2) return is_lower(c);
    return is_digit(c) || (size_ >= 4 && is_lower(c));
  }

  std::array<char, longest> signs_{};
  std::size_t size_ = 0;
};

bool check_digits_fit(std::string_view value) {
  int remainder = 0;
  const auto take = [&](char c) {
    const int digits = value_of(c);
    remainder = (remainder * (digits < 10 ? 10 : 100) + digits) % 97;
  };
  std::ranges::for_each(value.substr(4), take);
  std::ranges::for_each(value.substr(0, 4), take);
  return remainder == 1;
}

}  // namespace

std::string iban_in(std::string_view folded) {
  if (folded.size() < shortest || !is_lower(folded[0])) return {};
  const Shape shape(folded);
  const bool found = !shape.signs().empty() && check_digits_fit(shape.signs());
  return found ? std::string(shape.signs()) : std::string();
}

bool is_iban(std::string_view value) { return !value.empty() && iban_in(value) == value; }

bool is_misspelt_iban(std::string_view folded) {
  if (folded.size() < shortest || !is_lower(folded[0])) return false;
  const Shape shape(folded);
  const std::string_view signs = shape.signs();
  return !signs.empty() &&
         2 * std::ranges::count_if(signs, is_digit) > static_cast<std::ptrdiff_t>(signs.size()) &&
         !check_digits_fit(signs);
}

std::string iban_form(std::string_view folded) {
  std::string iban = iban_in(folded);
  if (!iban.empty()) return iban;
  if (is_misspelt_iban(folded)) {
    fail(
        Code::bad_input,
        "the check digits of the IBAN are wrong, so it is misspelt; correct it, or give the column "
        "the kind text");
  }
  fail(Code::bad_input, "not an IBAN; correct it, or give the column the kind text");
}

}  // namespace polder
