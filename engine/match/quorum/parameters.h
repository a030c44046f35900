// All sizes of a run, from what all banks know. docs/protocols/quorum.md derives them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bits.h"
#include "crypto/ot/okvs.h"
#include "match/peer_match.h"

namespace polder::quorum {

/// Each identifier has a place in each of so many sub-tables of bins.
inline constexpr std::uint64_t places = 5;

/// Bins, a multiple of `places`, into which n identifiers can be put one a bin, but with
/// probability below 2^-44 over the public salt.
std::uint64_t bins_for(std::uint64_t n);

/// More rows than these are matched slice by slice: each slice is a run of its own, over the rows
/// that a public hash puts there. So memory stays that of one slice.
struct SliceSizes {
  std::uint64_t rows = 1 << 16;   // of the largest table, on average
  std::uint64_t least = 1 << 10;  // a table's bound in a slice, so that its bins hardly ever fail
  // A random factor is zero with probability 2^-61: more bins than these, of all slices together,
  // have two.
  std::uint64_t bins_for_one_opening = 1 << 17;
};

/// Whether the requester's answer is 'the opened number is not zero' or 'it is zero'.
enum class Enough { not_zero, zero };

/// The opened number has a factor for each of these consecutive numbers of other holders.
struct Roots {
  std::uint64_t first, count;
  Enough enough;
};

struct Parameters {
  /// Throws Error bad_input if the agreement does not fit `parties`.
  Parameters(int parties, const PeerMatch& match, const SliceSizes& sizes = {});

  int parties, requester;
  int colluders;  // who together learn nothing: the degree of all sharings
  std::uint64_t threshold;
  bool flags;

  std::uint64_t slices;
  // Of each slice.
  std::vector<std::uint64_t> bounds;  // [parties]: of each bank's rows
  std::uint64_t bins;
  int target_bits;                      // compared in each bin
  std::vector<Okvs::Sizes> opprf_hint;  // [parties]: of each bank's hint
  Roots roots;
  std::size_t openings;  // of the answer, each under a random factor of its own

  std::uint64_t bound_of(int party) const { return bounds[static_cast<std::size_t>(party)]; }
  /// Bits of a hint's value: the target and, masked, whether it is flagged.
  int value_bits() const { return target_bits + (flags ? 1 : 0); }
  std::size_t target_words() const { return words_for_bits(static_cast<std::size_t>(target_bits)); }
  std::size_t value_words() const { return words_for_bits(static_cast<std::size_t>(value_bits())); }

 private:
  std::uint64_t slice_bound(std::uint64_t bound, std::uint64_t others, std::uint64_t least) const;
};

}  // namespace polder::quorum
