#include "ops/compare/select.h"

namespace polder {

Bits select(Protocol& mpc, const Bits& flag, const Bits& x, const Bits& y) {
  return y ^ mpc.bit_and(x ^ y, flag);
}

Arith select(Protocol& mpc, const Bits& flag, const Arith& x, const Arith& y) {
  return select(mpc, mpc.to_arith(flag), x, y);
}

Arith select(Protocol& mpc, const Arith& flag, const Arith& x, const Arith& y) {
  return y + mpc.mul(x - y, flag);
}

}  // namespace polder
