#include "ops/leading_bit.h"

#include "ops/planes.h"

namespace polder {
namespace {

Bits turned_round(const Bits& x) {
  Places places;
  for (int i = x.width() - 1; i >= 0; --i) places.push_back(i);
  return pick_bits(x, places);
}

}  // namespace

Bits set_up_to(Protocol& mpc, Bits x) {
  for (int span = 1; span < x.width(); span *= 2) {
    const Gathering level = gathering(x.width(), span);
    const Bits upper = pick_bits(x, level.upper), lower = pick_bits(x, level.lower);
    flip_bits(x, level.upper, lower ^ mpc.both(upper, lower));
  }
  return x;
}

Bits set_from(Protocol& mpc, const Bits& x) {
  return turned_round(set_up_to(mpc, turned_round(x)));
}

Bits leading_bit(Protocol& mpc, const Bits& x) {
  if (x.width() <= 1) return x;
  Bits leading = set_from(mpc, x);
  Places all_but_top;
  for (int i = 0; i + 1 < x.width(); ++i) all_but_top.push_back(i);
  const Bits above = bits(leading, 1, x.width() - 1);
  flip_bits(leading, all_but_top, above);
  return leading;
}

}  // namespace polder
