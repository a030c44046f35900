// The reciprocal of a secret divisor to 26 bits, for divide.h: the divisor is scaled by a power of
// two to where its leading bit is at a public place, then a polynomial does the rest.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// A divisor d of 64 bits and its scale: 2^t with t = 60 - j for a leading bit j <= 60, split by
/// the range of t, and 2^(63-j) for a larger divisor. Of the four powers only the one of the
/// divisor's range is not 0. A divisor 0 (or one that is left out) makes `defined` 0 and the rest
/// anything.
struct Scaled {
  static constexpr int middle_from = 18;  // t in middle_from .. high_from - 1: `middle`
  static constexpr int high_from = 39;

  Arith low;      // 2^t for t < middle_from
  Arith middle;   // 2^(t - middle_from)
  Arith high;     // 2^(t - high_from)
  Arith large;    // 2^(63-j) for j > 60
  Arith defined;  // 0 or 1
  Arith small;    // d 2^t, in [2^60, 2^61); 0 for a larger divisor
  Arith whole;    // d 2^(63-j), in [2^63, 2^64)
};

/// leading [n] of at most 64: only the leading bit of the divisor (leading_bit.h). Divisors whose
/// leading bit is not among these bits are left out.  8 rounds, ~140 B.  Reveals nothing.
Scaled scaled(Protocol& mpc, const Arith& divisor, const Bits& leading);

/// 2^93 / whole, in (2^29, 2^30], with a relative error of at most 2^-25 (2^-26.1 is the largest
/// seen), from y = 3 - 4 whole / 2^64 in 28 fraction bits, less at most 2 of the last.
/// [n] -> [n].  12 rounds, ~84 B.  Reveals nothing.
Arith reciprocal_of(Protocol& mpc, const Arith& y);

}  // namespace polder
