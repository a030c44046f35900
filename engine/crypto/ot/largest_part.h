// How many of n things fall into one of several parts at most, when a random function says where
// each goes.
#pragma once

#include <cstdint>

namespace polder {

/// No part has more but with probability below 2^-bits: things fall independently, so by
/// Bernstein's inequality P[load >= mean + a] <= exp(-a^2 / (2 mean + 2a/3)); with b = bits +
/// log2(parts) and L = b ln 2 that is small enough for a = 2L/3 + sqrt(2 L mean).
std::uint64_t largest_part(std::uint64_t n, std::uint64_t parts, int bits);

}  // namespace polder
