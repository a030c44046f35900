// The greatest value of each group of rows sorted by key, in log2 n steps of doubled reach that
// stop where a group begins.  Source: Hillis, Steele, "Data Parallel Algorithms", CACM 1986 (the
// steps).
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Row i becomes the greatest of this and the earlier rows of its group, unsigned; so the group's
/// answer is in its last row.  segment_flags [n] of 1, x [n] of w -> [n] of w.  (2 + ceil(log2 w))
/// ceil(log2 n) rounds, (3 w + 2) log2 n bits.  Reveals nothing.
Bits greatest_so_far(Protocol& mpc, const Bits& segment_flags, Bits x);

}  // namespace polder
