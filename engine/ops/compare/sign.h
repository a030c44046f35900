// How a column of bits is read as a number.
#pragma once

#include "protocol/protocol.h"

namespace polder {

enum class Sign { without, with };  // unsigned numbers, or two's complement

/// Numbers whose unsigned order is the order of x: the sign bit turned over, if there is one. Done
/// twice, it is x again.  [n] of w -> [n] of w.  No rounds.  Reveals nothing.
Bits unsigned_order(Protocol& mpc, const Bits& x, Sign sign);

}  // namespace polder
