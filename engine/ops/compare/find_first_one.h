// Where the bits of a row begin: running ors over places, and the highest bit set.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Bit i becomes the or of bits 0 .. i (Protocol::suffix_or: of bits i .. w - 1).  [n] of w -> [n]
/// of w.  ceil(log2 w) rounds, about w log2 w / 2 bits.  Reveals nothing.
Bits prefix_or_in_rows(Protocol& mpc, const Bits& x);
/// Only the highest bit set is kept, none of zero.  As prefix_or_in_rows.  Reveals nothing.
Bits find_first_one(Protocol& mpc, const Bits& x);

}  // namespace polder
