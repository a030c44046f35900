// The logistic function of secret numbers.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// 1 / (1 + e^-x) for |x| < 2^20, x with 24 fraction bits, the answer with `fraction_bits` (at most
/// 28): polynomials of degree 6 on 20 pieces of |x| < 20, beyond it 0 or 1.  The error is below
/// 2^-25 + 2^-(fraction_bits + 1).  [n] -> [n].  ~80 rounds, ~510 B.  Reveals nothing.
Arith sigmoid(Protocol& mpc, const Arith& x, int fraction_bits);

}  // namespace polder
