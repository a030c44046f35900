// Between bits and numbers, and between widths.
#pragma once

#include "ops/compare/sign.h"
#include "protocol/protocol.h"

namespace polder {

/// Bits as a number: unsigned, or two's complement with the top bit as sign.  [n] of w <= 64 ->
/// [n].  Up to 12 bits: 2 rounds, 8 w B; wider: 16 rounds, ~97 B.  Reveals nothing (wider ones
/// open the number less a random one nobody knows, which says nothing).
Arith to_arith(Protocol& mpc, const Bits& x, Sign sign = Sign::without);

/// The low w bits of a number.  [n] -> [n] of w.  8 rounds (1 bit: fewer).  Reveals nothing.
Bits to_bits(Protocol& mpc, const Arith& x, int width);

/// To another width: higher bits are dropped, or filled with zeros or the sign.  No rounds.
/// Reveals nothing.
Bits resize(Protocol& mpc, const Bits& x, int width, Sign sign = Sign::without);

}  // namespace polder
