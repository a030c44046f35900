// The reciprocal of a secret divisor to 26 bits, for divide.h: the divisor is scaled by a power of
// two to where its leading bit is at a public place, then a polynomial does the rest.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// A divisor d and its scale: 2^t with t = 60 - j for a leading bit j <= 60, split by the range of
/// t, and 2^(63-j) for a larger divisor. Of the four powers only the one of the divisor's range is
/// not 0. A divisor that is left out makes all of them and `small` 0, `whole` anything.
struct Scaled {
  static constexpr int middle_from = 18;  // t in middle_from .. high_from - 1: `middle`
  static constexpr int high_from = 39;

  Arith low;       // [n]: 2^t for t < middle_from
  Arith powers;    // [3 n]: 2^(t - middle_from); 2^(t - high_from); 2^(63-j) for j > 60
  Arith products;  // [n], n rows more for scaled itself: d 2^t, in [2^60, 2^61); 0 if larger
  Arith whole;     // [n]: d 2^(63-j), in [2^63, 2^64)
  Arith counts;    // [n]: 1, or 0 if it is left out

  Factor middle() const { return {&powers, 0}; }
  Factor high() const { return {&powers, low.size()}; }
  Factor large() const { return {&powers, 2 * low.size()}; }
  Factor small() const { return {&products, 0}; }
};

/// set [n] of 64: all bits of the divisor up to its leading one (Protocol::suffix_or). Left out are
/// 0 and divisors of more than `width` bits.  9 rounds, ~144 B.  Reveals nothing.
Scaled scaled(Protocol& mpc, const Arith& divisor, const Bits& set, int width);

/// 2^93 / whole, in (2^29, 2^30], with a relative error of at most 2^-25 (2^-26.1 is the largest
/// seen), from y = 3 - 4 whole / 2^64 in 28 fraction bits, less at most 2 of the last.
/// [n] -> [n].  11 rounds, ~83 B.  Reveals nothing.
Arith reciprocal_of(Protocol& mpc, const Arith& y);

}  // namespace polder
