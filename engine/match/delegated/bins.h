// A match for one bank only, on tables whose owners put their identifiers into bins beforehand
// (match/index.h): no sort, so a number of rounds that does not grow, and nothing that depends on a
// shuffled order. What is compared are the requester's bins with every slot of the others' bins.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "match/delegated/marks.h"
#include "protocol/protocol.h"

namespace polder {

/// Types of identifier columns in bins: the requester's, the others'.
inline constexpr std::string_view one_slot_type = "hash_in_one_bin";
inline constexpr std::string_view all_slots_type = "hash_in_all_bins";

/// A table in slots. The requester's has one slot a bin, the others' have layers of all bins. What
/// an empty slot holds is random, and its flag is not set.
struct BinnedTable {
  Bits identifier;  // [slots] of at least binned_identifier_bits bits
  Bits flag;        // [slots] of one bit; empty in a run without flags
};

/// Bits to compare so that no two different identifiers or random fillings that meet are alike, but
/// for a probability of 2^-41.
int binned_identifier_bits(std::uint64_t compared_pairs);

struct BinConditions {
  std::uint64_t threshold, min_flags;
  std::uint64_t counted_holders = 0;  // of the others, to count; 0: all that match do
};

/// The requester's slots whose identifier matches: `threshold` tables hold it, its own among them,
/// and at least `min_flags` of them flagged it.  requester: [bins]; others: [bins l_i]; threshold
/// at least 2, so an empty slot never matches.  [bins].  ~16 rounds, ~9 B a slot of the others.
/// Reveals nothing. Throws Error bad_input or bad_schema if numbers do not fit.
Marks match_in_bins(Protocol& mpc, const BinConditions& conditions, const BinnedTable& requester,
                    const std::vector<BinnedTable>& others);

}  // namespace polder
