// Small systems of linear equations with secret coefficients.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// x with (A + E / 4096) x = b, a step of Levenberg and Marquardt; E is diagonal, of powers of four
/// from A's own diagonal to four times that (2^-28 where it is 0). A is symmetric, without negative
/// eigenvalues, its entries below 4, with 28 fraction bits; b has 32, x 24.  [d, d], [d] -> [d].
/// Rows and columns are scaled by powers of two that bring the diagonal to 1/4 .. 1, then
/// eliminated (Gauss, Jordan) without exchanges, which such a matrix does not need. `small`: b is
/// below 2^-10 there, so that nothing can have overflowed; else x may be anything below 2^55.
/// ~103 d + 60 rounds.  Reveals nothing.
struct Solution {
  Arith x;     // [d]
  Bits small;  // [1] of 1
};
Solution solve_damped(Protocol& mpc, const Arith& a, const Arith& b);

}  // namespace polder
