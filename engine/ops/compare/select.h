// One of two columns, row by row, by a secret flag.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// x where the flag is set, else y.  flag [n] of 1; x, y [n] of w -> [n] of w.  1 round, w bits.
/// Reveals nothing.
Bits select(Protocol& mpc, const Bits& flag, const Bits& x, const Bits& y);
/// The same for numbers.  flag [n] of 1; x, y [n] -> [n].  3 rounds, 16 B.  Reveals nothing.
Arith select(Protocol& mpc, const Bits& flag, const Arith& x, const Arith& y);
/// The same with a flag that is a number already, 0 or 1.  1 round, 8 B.  Reveals nothing.
Arith select(Protocol& mpc, const Arith& flag, const Arith& x, const Arith& y);

}  // namespace polder
