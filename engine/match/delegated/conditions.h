// The two conditions of a match, on a sorted union: enough holders, enough flags. A group is the
// rows of one identifier; it has at most as many rows as there are parties, so everything is done
// with windows of bits in a number of rounds that depends on the number of parties alone.
#pragma once

#include "match/delegated/union.h"

namespace polder {

/// The row's group has at least `threshold` rows.  [N] of one bit.  ~2 log2 threshold rounds.
/// Reveals nothing.
Bits enough_holders(Protocol& mpc, const SortedUnion& rows, std::uint64_t threshold);

/// The row's group has at least `min_flags` >= 1 flags.  [N] of one bit.  O(log2 parties) rounds.
/// Reveals nothing.
Bits enough_flags(Protocol& mpc, const SortedUnion& rows, std::uint64_t min_flags);

/// The row is the last of its group.  [N] of one bit.  No round.
Bits group_ends(Protocol& mpc, const SortedUnion& rows);

}  // namespace polder
