// Where the bits of a row begin: running ors over places, and the highest bit set.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Bit i becomes the or of bits 0 .. i (Protocol::set_from: of bits i .. w - 1).  [n] of w -> [n]
/// of w.  ceil(log2 w) rounds, about w log2 w / 2 bits.  Reveals nothing.
Bits set_up_to(Protocol& mpc, const Bits& x);
/// Only the highest bit set is kept, none of zero.  As set_up_to.  Reveals nothing.
Bits leading_bit(Protocol& mpc, const Bits& x);

}  // namespace polder
