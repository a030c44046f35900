// Numbers of a few bits each, one after the other without gaps: how they travel. A number of more
// than 64 bits is two words or more, its low one first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bits.h"
#include "base/memory.h"

namespace polder {

/// The low `width` bits of each value, the first value in the lowest bits. Bits beyond the last
/// value are zero.  values [n words_for_bits(width)]
inline Words packed(std::span<const std::uint64_t> values, int width) {
  const auto step = static_cast<std::size_t>(width);
  const std::size_t each = words_for_bits(step), top = step - (each - 1) * 64;
  Words out(words_for_bits(values.size() / each * step), 0);
  for (std::size_t i = 0, at = 0, word = 0; i < values.size(); ++i) {
    const std::size_t bits = ++word == each ? top : 64;
    const std::uint64_t value = values[i] & low_bits(bits);
    const std::size_t shift = at % 64;
    out[at / 64] |= value << shift;
    if (shift + bits > 64) out[at / 64 + 1] |= value >> (64 - shift);
    at += bits;
    if (word == each) word = 0;
  }
  return out;
}

/// The inverse: n values.
inline Words unpacked(std::span<const std::uint64_t> words, std::size_t n, int width) {
  const auto step = static_cast<std::size_t>(width);
  const std::size_t each = words_for_bits(step), top = step - (each - 1) * 64;
  Words out(n * each);
  for (std::size_t i = 0, at = 0, word = 0; i < out.size(); ++i) {
    const std::size_t bits = ++word == each ? top : 64;
    out[i] = bits_at(words.data(), at, bits);
    at += bits;
    if (word == each) word = 0;
  }
  return out;
}

}  // namespace polder
