#include "ops/logic.h"

#include "ops/any.h"

namespace polder {

Bits either(Protocol& mpc, const Bits& x, const Bits& y) {
  return mpc.invert(mpc.both(mpc.invert(x), mpc.invert(y)));
}

Bits all(Protocol& mpc, const Bits& x) { return mpc.invert(any(mpc, mpc.invert(x))); }

}  // namespace polder
