// Numbers of a few bits each, one after the other without gaps: how they travel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bits.h"
#include "base/memory.h"

namespace polder {

/// The low `width` bits (1..64) of each value, the first value in the lowest bits. Bits beyond the
/// last value are zero.
inline Words packed(std::span<const std::uint64_t> values, int width) {
  const auto step = static_cast<std::size_t>(width);
  Words out(words_for_bits(values.size() * step), 0);
  for (std::size_t i = 0, at = 0; i < values.size(); ++i, at += step) {
    const std::uint64_t value = values[i] & low_bits(step);
    const std::size_t shift = at % 64;
    out[at / 64] |= value << shift;
    if (shift + step > 64) out[at / 64 + 1] |= value >> (64 - shift);
  }
  return out;
}

/// The inverse: n values.
inline Words unpacked(std::span<const std::uint64_t> words, std::size_t n, int width) {
  const auto step = static_cast<std::size_t>(width);
  Words out(n);
  for (std::size_t i = 0, at = 0; i < n; ++i, at += step) {
    const std::size_t shift = at % 64;
    std::uint64_t value = words[at / 64] >> shift;
    if (shift + step > 64) value |= words[at / 64 + 1] << (64 - shift);
    out[i] = value & low_bits(step);
  }
  return out;
}

}  // namespace polder
