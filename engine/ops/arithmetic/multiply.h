// Products of fixed-point numbers. A number with f fraction bits (Qf) is stored as floor(value
// 2^f), signed; f = 0 are whole numbers. A product is cut by an exact floor to Qf again: its error
// is in
// (-2^-f, 0] and it is never anything else, as long as the product in Q2f fits into 64 signed bits.
#pragma once

#include <cstdint>

#include "protocol/protocol.h"

namespace polder {

/// x y, floored to Qf.  [n] Qf, [n] Qf -> [n] Qf.  13 rounds, ~45 B (f = 0: 1 round, 8 B).
/// Reveals nothing.
Arith multiply(Protocol& mpc, const Arith& x, const Arith& y, int fraction_bits);
/// x^2, floored to Qf.  As multiply.  Reveals nothing.
inline Arith square(Protocol& mpc, const Arith& x, int fraction_bits) {
  return multiply(mpc, x, x, fraction_bits);
}
/// x^exponent for a public exponent >= 0 (x^0 = 1), floored to Qf after each of its at most
/// 2 log2(exponent) products.  [n] Qf -> [n] Qf.  Reveals nothing.
Arith power(Protocol& mpc, const Arith& x, unsigned exponent, int fraction_bits);

/// x[0] y[0] + ... + x[n-1] y[n-1], summed before it is floored to Qf once.  [n] Qf, [n] Qf ->
/// [1] Qf.  13 rounds, 45 B in all, whatever n (f = 0: 1 round, 8 B).  Reveals nothing.
Arith dot(Protocol& mpc, const Arith& x, const Arith& y, int fraction_bits);

}  // namespace polder
