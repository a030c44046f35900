// Work on groups of rows sorted by key that passes along the rows in doubling steps: one round a
// step and few bits, so for flags and narrow values it beats the constant rounds of group_rows.h,
// the more so where groups are known to be short. A group of more than `longest` rows gets wrong
// answers.
#pragma once

#include <cstdint>

#include "protocol/protocol.h"

namespace polder {

/// Public: no group has more rows.
struct GroupBound {
  std::size_t longest = SIZE_MAX;
};

/// Bit by bit: set in this row, or an earlier one of its group; so the group's answer is in its end
/// row.  segment_flags [n] of 1, x [n] of w -> [n] of w.  1 + ceil(log2 min(n, longest)) rounds of
/// up to 2 w bits a row.  Reveals nothing.
Bits segmented_prefix_or(Protocol& mpc, const Bits& segment_flags, const Bits& x,
                         GroupBound bound = {});

/// Bit by bit: set in any row of the group, for each of its rows.  segment_flags [n] of 1, x [n] of
/// w -> [n] of w.  2 + ceil(log2 min(n, longest)) rounds of up to 4 w bits a row.  Reveals nothing.
Bits segmented_or(Protocol& mpc, const Bits& segment_flags, const Bits& x, GroupBound bound = {});

/// Each row gets what the first row of its group has.  segment_flags [n] of 1, x [n] of w -> [n] of
/// w. 1 + ceil(log2 min(n, longest)) rounds and one for each time that halving the rows pays, which
/// brings w + 1 bits a row and round down to some 3 (w + 1) bits a row in all: always between near
/// nodes, with many rows in a WAN.  Reveals nothing.  Source: Ladner, Fischer, "Parallel
/// Prefix Computation", JACM 1980.
Bits segmented_broadcast(Protocol& mpc, const Bits& segment_flags, const Bits& x,
                         GroupBound bound = {});

}  // namespace polder
