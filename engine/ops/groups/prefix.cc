#include "ops/groups/prefix.h"

#include "ops/compare/compare.h"
#include "ops/compare/select.h"

namespace polder {
namespace {

/// Rows from `reach` on become combine(row, row - reach), for reach 1, 2, 4 ...
template <typename Combine>
Bits doubling(Bits x, Combine&& combine) {
  for (std::size_t reach = 1; reach < x.size(); reach *= 2) {
    const std::size_t later = x.size() - reach;
    const Bits done = slice(x, 0, reach);
    const Bits joined = combine(slice(x, reach, later), slice(x, 0, later));
    x = concat({&done, &joined});
  }
  return x;
}

}  // namespace

Bits prefix_or(Protocol& mpc, Bits x) {
  return doubling(std::move(x), [&](const Bits& row, const Bits& before) {
    return row ^ before ^ mpc.bit_and(row, before);
  });
}

Bits prefix_and(Protocol& mpc, const Bits& x) {
  return doubling(x, [&](const Bits& row, const Bits& before) { return mpc.bit_and(row, before); });
}

Bits running_max(Protocol& mpc, Bits x, Sign sign) {
  return doubling(std::move(x), [&](const Bits& row, const Bits& before) {
    return select(mpc, less_than(mpc, row, before, sign), before, row);
  });
}

// Turning all bits over turns the order round, signed or not.
Bits running_min(Protocol& mpc, const Bits& x, Sign sign) {
  return mpc.bit_not(running_max(mpc, mpc.bit_not(x), sign));
}

}  // namespace polder
