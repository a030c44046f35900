#include "ops/select.h"

#include <vector>

namespace polder {

Bits select(Protocol& mpc, const Bits& flag, const Bits& x, const Bits& y) {
  return y ^ mpc.both(x ^ y, flag);
}

Arith select(Protocol& mpc, const Bits& flag, const Arith& x, const Arith& y) {
  return select(mpc, mpc.to_arith(flag), x, y);
}

Arith select(Protocol& mpc, const Arith& flag, const Arith& x, const Arith& y) {
  return y + mpc.mul(x - y, flag);
}

void keep_bits(Protocol& mpc, const Bits& rows, std::span<Bits* const> columns) {
  if (columns.empty()) return;
  const std::vector<const Bits*> parts(columns.begin(), columns.end());
  const Bits kept = mpc.both(join_bits(parts), rows);
  int first = 0;
  for (Bits* column : columns) {
    const int width = column->width();
    *column = bits(kept, first, width);
    first += width;
  }
}

}  // namespace polder
