// Ors and ands beyond Protocol::both, Protocol::invert and ^.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// x or y, bit by bit.  [n] of w; y [n] of w, or of one bit that serves all -> [n] of w.  1 round,
/// w bits. Reveals nothing.
Bits bit_or(Protocol& mpc, const Bits& x, const Bits& y);

/// And of all rows (any.h: or).  [n] of w -> [1] of w (all set if n = 0).  ceil(log2 n) rounds,
/// n w bits. Reveals nothing.
Bits all(Protocol& mpc, const Bits& x);

}  // namespace polder
