// Small arithmetic on bits, and on counts of bits, words and rows.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace polder {

constexpr std::size_t ceil_div(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

/// Words that n bits fill.
constexpr std::size_t words_for_bits(std::size_t n) { return ceil_div(n, 64); }

/// Smallest k with 2^k >= n; 0 for n <= 1.
constexpr int log2_ceil(std::size_t n) {
  return n <= 1 ? 0 : static_cast<int>(std::bit_width(n - 1));
}

/// The lowest `count` bits set, count 0..64.
constexpr std::uint64_t low_bits(std::size_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Bits first .. first + count (<= 64) of a bit string, in the low end of a word.
inline std::uint64_t bits_at(const std::uint64_t* words, std::size_t first, std::size_t count) {
  const std::size_t word = first / 64, shift = first % 64;
  std::uint64_t value = words[word] >> shift;
  if (shift + count > 64) value |= words[word + 1] << (64 - shift);
  return value & low_bits(count);
}

}  // namespace polder
