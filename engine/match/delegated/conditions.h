// The two conditions of a match, on a sorted union: enough holders, enough flags. A group is the
// rows of one identifier; it has at most as many rows as there are parties, so everything is done
// with windows of bits in a number of rounds that depends on the number of parties alone.
#pragma once

#include "match/delegated/union.h"

namespace polder {

/// The row's group has at least `threshold` rows.  [N] of one bit.  ~2 log2 threshold rounds.
/// Reveals nothing.
Bits enough_holders(Protocol& mpc, const SortedUnion& rows, std::uint64_t threshold);

/// The row's group has at least `least` >= 1 rows that are set in `column`: flags, say.  [N] of one
/// bit.  O(log2 parties) rounds.  Reveals nothing.
Bits enough_set(Protocol& mpc, const SortedUnion& rows, const Bits& column, std::uint64_t least);

/// The row is the last of its group.  [N] of one bit.  No round.
Bits segment_ends(Protocol& mpc, const SortedUnion& rows);

}  // namespace polder
