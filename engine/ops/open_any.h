// Whether one row of a column is set, told to every node, and nothing of which or how many.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Whether a row of x is set.  [n] of one bit.  3 rounds, ~0.5 KB for any n.  Reveals that to the
/// nodes. Misses a set row with probability <= 2^-47, whatever the rows.
/// Source: docs/protocols/matching.md, Duplicates.
bool open_any(Protocol& mpc, const Bits& x);

}  // namespace polder
