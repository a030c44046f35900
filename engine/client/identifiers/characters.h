// Characters of folded text, which has no capitals.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace polder {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

inline bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

inline std::string without(std::string_view text, std::string_view characters) {
  std::string out(text);
  std::erase_if(out, [&](char c) { return characters.find(c) != std::string_view::npos; });
  return out;
}

/// Of a digit 0 to 9, of a letter 10 to 35.
constexpr int value_of(char c) { return is_digit(c) ? c - '0' : c - 'a' + 10; }

}  // namespace polder
