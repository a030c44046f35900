// Sums of bit-sliced numbers, row by row.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// x + y mod 2^w.  [n] of w, [n] of w -> [n] of w.  1 + ceil(log2 w) rounds, about w (1 + log2 w)
/// bits. Reveals nothing.
Bits add_bits(Protocol& mpc, const Bits& x, const Bits& y);
/// x + y whole, the carry as top bit.  [n] of w, [n] of w -> [n] of w + 1.  As add_bits.
/// Reveals nothing.
Bits add_bits_with_carry(Protocol& mpc, const Bits& x, const Bits& y);
/// x - y mod 2^w.  [n] of w, [n] of w -> [n] of w.  As add_bits.  Reveals nothing.
Bits subtract_bits(Protocol& mpc, const Bits& x, const Bits& y);
/// -x mod 2^w.  [n] of w -> [n] of w.  ceil(log2 w) rounds, about w log2 w / 2 bits.  Reveals
/// nothing.
Bits negate_bits(Protocol& mpc, const Bits& x);

}  // namespace polder
