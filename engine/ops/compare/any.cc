#include "ops/compare/any.h"

namespace polder {

Bits any(Protocol& mpc, Bits x) {
  if (x.size() == 0) return mpc.constant(PlainBits(1, x.width()));
  while (x.size() > 1) {
    const std::size_t half = x.size() / 2;
    const Bits first = slice(x, 0, half), second = slice(x, half, half);
    const Bits either = first ^ second ^ mpc.bit_and(first, second);
    const Bits odd = slice(x, 2 * half, x.size() % 2);
    x = concat({&either, &odd});
  }
  return x;
}

}  // namespace polder
