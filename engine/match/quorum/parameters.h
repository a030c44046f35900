// All sizes of a run, from what all banks know. docs/protocols/quorum.md derives them.
#pragma once

#include <cstdint>
#include <vector>

#include "crypto/key_value_store.h"
#include "match/peer_match.h"

namespace polder::quorum {

/// Each identifier has a place in each of so many sub-tables of bins.
inline constexpr std::uint64_t places = 5;

/// Bins, a multiple of `places`, into which n identifiers can be put one a bin, but with
/// probability below 2^-44 over the public salt.
std::uint64_t bins_for(std::uint64_t n);

/// Whether the asker's answer is 'the opened number is not zero' or 'it is zero'.
enum class Enough { not_zero, zero };

/// The opened number has a factor for each of these consecutive numbers of other holders.
struct Roots {
  std::uint64_t first, count;
  Enough enough;
};

struct Parameters {
  /// Throws Error bad_input if the agreement does not fit `parties`.
  Parameters(int parties, const PeerMatch& match);

  int parties, asker;
  int colluders;  // who together learn nothing: the degree of all sharings
  std::uint64_t threshold;
  bool flags;

  std::uint64_t bins;
  int target_bits;                         // compared in each bin
  std::vector<KeyValueStore::Sizes> hint;  // [parties]: of each bank's hint
  Roots roots;

  /// Bits of a hint's value: the target and, masked, whether it is flagged.
  int value_bits() const { return target_bits + (flags ? 1 : 0); }
};

}  // namespace polder::quorum
