// Running ors, ands, greatest and least values over rows, in log2 n steps of doubled reach.
// (Running sums need no protocol: prefix_sum in share.h.)  Source: Hillis, Steele, "Data Parallel
// Algorithms", CACM 1986.
#pragma once

#include "ops/compare/sign.h"
#include "protocol/protocol.h"

namespace polder {

/// Row i becomes the or (and) of rows 0 .. i.  [n] of w -> [n] of w.  ceil(log2 n) rounds,
/// w log2 n bits. Reveals nothing.
Bits prefix_or(Protocol& mpc, Bits x);
Bits prefix_and(Protocol& mpc, const Bits& x);

/// Row i becomes the greatest (least) of rows 0 .. i.  [n] of w -> [n] of w.  (2 + ceil(log2 w))
/// ceil(log2 n) rounds, 3 w log2 n bits.  Reveals nothing.
Bits running_max(Protocol& mpc, Bits x, Sign sign = Sign::without);
Bits running_min(Protocol& mpc, const Bits& x, Sign sign = Sign::without);

}  // namespace polder
