#include "ops/arithmetic/multiply.h"

#include <bit>

#include "base/error.h"

namespace polder {

Arith multiply(Protocol& mpc, const Arith& x, const Arith& y, int fraction_bits) {
  return mpc.truncate(mpc.mul(x, y), fraction_bits);
}

Arith power(Protocol& mpc, const Arith& x, unsigned exponent, int fraction_bits) {
  require(fraction_bits >= 0 && fraction_bits < 63, "power: fraction bits outside 0..62");
  if (exponent == 0) return mpc.constant(x.size(), std::uint64_t{1} << fraction_bits);
  Arith product = x;
  for (unsigned digit = std::bit_floor(exponent) >> 1; digit != 0; digit >>= 1) {
    product = square(mpc, product, fraction_bits);
    if ((exponent & digit) != 0) product = multiply(mpc, product, x, fraction_bits);
  }
  return product;
}

Arith dot(Protocol& mpc, const Arith& x, const Arith& y, int fraction_bits) {
  require(x.size() == y.size(), "dot: columns of different length");
  return mpc.truncate(mpc.matmul(x, y, {1, x.size(), 1}), fraction_bits);
}

}  // namespace polder
