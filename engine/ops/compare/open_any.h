// Whether one row of a column is set, told to every node, and nothing of which or how many.
#pragma once

#include "ops/coin_toss.h"

namespace polder {

/// Whether a row of x is set.  [n] of one bit.  2 rounds, ~0.5 KB for any n, some n words of coins.
/// Reveals that to the nodes. Misses a set row with probability <= 2^-47, whatever the rows, if
/// they do not depend on the coins that come next.
/// Source: docs/protocols/matching.md, Duplicates.
bool open_any(Protocol& mpc, const Bits& x, Stream& coins);

}  // namespace polder
