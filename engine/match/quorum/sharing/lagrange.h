// Polynomials over the prime field by their values at the parties' points, party i at i + 1.
#pragma once

#include <vector>

#include "crypto/prime_field.h"

namespace polder::quorum {

inline Element point_of(int party) { return Element::of(static_cast<std::uint64_t>(party) + 1); }

/// The value at `at` of the polynomial that is 1 at `one` and 0 at the other `parties`.
inline Element lagrange(const std::vector<int>& parties, int one, Element at) {
  Element above{1}, below{1};
  for (const int party : parties) {
    if (party == one) continue;
    above = above * (at - point_of(party));
    below = below * (point_of(one) - point_of(party));
  }
  return above * inverse(below);
}

}  // namespace polder::quorum
