// Scenarios of tests of what banks see: the same public sizes, everything hidden differs.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "match/testing/peer_cases.h"

namespace polder::quorum {

inline constexpr std::size_t banks = 5, bound = 40;

/// A scenario of the same public sizes: who holds how much of whose, flags and true sizes differ.
inline testing::PeerCase scenario(unsigned seed, std::uint64_t threshold, bool flags) {
  testing::PeerCase out{
      "world", {1, threshold, flags, std::vector<std::uint64_t>(banks, bound)}, {}};
  std::mt19937_64 draw(seed);
  const std::size_t pool = seed % 2 == 0 ? bound + 1 : 100'000;
  out.banks = testing::random_banks(banks, 1 + draw() % bound, pool, seed);
  for (testing::Bank& bank : out.banks) {
    if (seed % 3 == 0) bank.flagged.clear();
    if (seed % 5 == 0) bank.flagged.insert(bank.identifiers.begin(), bank.identifiers.end());
  }
  if (seed % 7 == 0) out.banks[3] = {};
  return out;
}

}  // namespace polder::quorum
