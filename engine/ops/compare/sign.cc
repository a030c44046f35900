#include "ops/compare/sign.h"

namespace polder {

Bits unsigned_order(Protocol& mpc, const Bits& x, Sign sign) {
  if (sign == Sign::without) return x;
  const Bits low = bits(x, 0, x.width() - 1), top = mpc.bit_not(bit(x, x.width() - 1));
  return join_bits({&low, &top});
}

}  // namespace polder
