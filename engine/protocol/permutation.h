// Uniformly random orders from a stream.
#pragma once

#include <cstddef>

#include "base/memory.h"
#include "crypto/stream.h"

namespace polder {

/// A random permutation of 0 .. n - 1 (n <= 2^32): Fisher-Yates with two words a step, so that the
/// count of words drawn never depends on their values.  Each step's choice is within n 2^-128 of
/// uniform, the whole order within n^2 2^-128. Source: Lemire, "Fast Random Integer Generation in
/// an Interval", 2019 (multiplication for division), without its rejection.
Indices random_permutation(Stream& stream, std::size_t n);

/// floor(bound * (high, low) / 2^128): uniform below `bound` <= 2^32 if high and low are uniform
/// words.
inline std::uint32_t uniform_below(std::uint64_t bound, std::uint64_t high, std::uint64_t low) {
  using Wide = unsigned __int128;
  return static_cast<std::uint32_t>(
      (static_cast<Wide>(high) * bound + (static_cast<Wide>(low) * bound >> 64)) >> 64);
}

}  // namespace polder
