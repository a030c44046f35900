// Bytes as lower-case hexadecimal digits and back.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace polder {

std::string to_hex(std::span<const std::uint8_t> bytes);

/// Exactly `out.size()` bytes from 2 * out.size() digits of either case. The text may be secret: it
/// is read in constant time and never quoted.  Throws Error bad_input naming the lengths or that a
/// character is no digit.
void from_hex(std::string_view digits, std::span<std::uint8_t> out);

template <std::size_t n>
std::array<std::uint8_t, n> from_hex(std::string_view digits) {
  std::array<std::uint8_t, n> out;
  from_hex(digits, out);
  return out;
}

}  // namespace polder
