// Comparisons row by row: of Bits of any width and of Arith, unsigned or signed, with a secret or a
// public operand. The tree itself is the protocol's (protocol.h); here are the signs, the public
// operands and the numbers shared by addition.
#pragma once

#include <cstdint>

#include "ops/compare/sign.h"
#include "protocol/protocol.h"

namespace polder {

/// x < y.  [n] of w, [n] of w -> [n] of 1.  1 + ceil(log2 w) rounds, 2 w bits.  Reveals nothing.
Bits less_than(Protocol& mpc, const Bits& x, const Bits& y, Sign sign = Sign::without);
/// x <= y.  As less_than.
inline Bits less_equal(Protocol& mpc, const Bits& x, const Bits& y, Sign sign = Sign::without) {
  return mpc.bit_not(less_than(mpc, y, x, sign));
}

// With a public operand: a number of at most 64 bits that w bits hold (for Sign::with its low w
// bits, so -1 is all ones).  Shapes and costs as with a secret one.  Reveals nothing.
Bits less_than(Protocol& mpc, const Bits& x, std::uint64_t y, Sign sign = Sign::without);
Bits less_than(Protocol& mpc, std::uint64_t x, const Bits& y, Sign sign = Sign::without);
inline Bits less_equal(Protocol& mpc, const Bits& x, std::uint64_t y, Sign sign = Sign::without) {
  return mpc.bit_not(less_than(mpc, y, x, sign));
}
inline Bits less_equal(Protocol& mpc, std::uint64_t x, const Bits& y, Sign sign = Sign::without) {
  return mpc.bit_not(less_than(mpc, y, x, sign));
}

/// x = y.  [n] of w, [n] of w -> [n] of 1.  ceil(log2 w) rounds, w - 1 bits.  Reveals nothing.
Bits equal(Protocol& mpc, const Bits& x, const Bits& y);
Bits equal(Protocol& mpc, const Bits& x, std::uint64_t y);
/// No bit is set.  [n] of w (any, 0 too) -> [n] of 1.  ceil(log2 w) rounds, w - 1 bits.  Reveals
/// nothing.
Bits is_zero(Protocol& mpc, const Bits& x);

/// x < 0, x as a signed number.  [n] -> [n] of 1.  8 rounds, ~18 B.  Reveals nothing.
/// Of a difference: x < y where x - y is known to stay within 64 bits with its sign.
inline Bits is_negative(Protocol& mpc, const Arith& x) { return mpc.to_bit(x, 63); }
/// x < y, right for every pair of 64-bit numbers: the sign of x - y, put right by the signs of x
/// and y where it overflows.  [n], [n] -> [n] of 1.  9 rounds, ~53 B.  Reveals nothing.
Bits less_than(Protocol& mpc, const Arith& x, const Arith& y, Sign sign);
/// x < y, y public.  9 rounds, ~36 B.  Reveals nothing.
Bits less_than(Protocol& mpc, const Arith& x, std::uint64_t y, Sign sign);
/// x = y; x = 0.  14 rounds, ~51 B.  Reveals nothing.
Bits equal(Protocol& mpc, const Arith& x, const Arith& y);
Bits is_zero(Protocol& mpc, const Arith& x);

}  // namespace polder
