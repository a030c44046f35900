// Division of secret numbers by secret numbers, exact for all 64-bit inputs. How, why it is exact,
// and what it costs: docs/protocols/division.md.
#pragma once

#include "ops/compare/sign.h"
#include "protocol/protocol.h"

namespace polder {

/// What comes of dividing: by 0, `value` is 0 and `defined` is not set.
struct Quotient {
  Arith value;   // [n]
  Bits defined;  // [n] of 1
};

/// x / y, the fraction cut off (towards zero, as in C++); x - value y is the remainder, x itself
/// where y = 0. Signed, the least number by -1 is the least number again, as in wrapping
/// arithmetic.  [n], [n] -> [n].  ~89 rounds; ~540 B unsigned, ~590 B signed.  Reveals nothing.
Quotient divide(Protocol& mpc, const Arith& x, const Arith& y, Sign sign);

/// x / y in fixed point: x, y and the answer have `fraction_bits` (0..62) fraction bits and a sign.
/// Needs |x| < 2^63 / 2^fraction_bits as stored. The fraction beyond is cut off: the error is less
/// than 2^-fraction_bits, towards zero.  As divide.  Reveals nothing.
Quotient divide_fixed(Protocol& mpc, const Arith& x, const Arith& y, int fraction_bits);

/// 1 / x in fixed point, fraction_bits 0..31.  Error and cost as divide_fixed.  Reveals nothing.
Quotient reciprocal(Protocol& mpc, const Arith& x, int fraction_bits);

}  // namespace polder
