#include "ops/compare/find_first_one.h"

#include "ops/planes.h"

namespace polder {
namespace {

Bits turned_round(const Bits& x) {
  Places places;
  for (int i = x.width() - 1; i >= 0; --i) places.push_back(i);
  return pick_bits(x, places);
}

}  // namespace

Bits prefix_or_in_rows(Protocol& mpc, const Bits& x) {
  return turned_round(mpc.suffix_or(turned_round(x)));
}

Bits find_first_one(Protocol& mpc, const Bits& x) {
  if (x.width() <= 1) return x;
  Bits leading = mpc.suffix_or(x);
  Places all_but_top;
  for (int i = 0; i + 1 < x.width(); ++i) all_but_top.push_back(i);
  const Bits above = bits(leading, 1, x.width() - 1);
  flip_bits(leading, all_but_top, above);
  return leading;
}

}  // namespace polder
