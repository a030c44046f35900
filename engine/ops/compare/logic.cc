#include "ops/compare/logic.h"

#include "ops/compare/any.h"

namespace polder {

Bits bit_or(Protocol& mpc, const Bits& x, const Bits& y) {
  return mpc.bit_not(mpc.bit_and(mpc.bit_not(x), mpc.bit_not(y)));
}

Bits all(Protocol& mpc, const Bits& x) { return mpc.bit_not(any(mpc, mpc.bit_not(x))); }

}  // namespace polder
