#include "ops/group_extreme.h"

#include "base/error.h"
#include "ops/compare/logic.h"
#include "ops/compare/select.h"

namespace polder {

Bits greatest_so_far(Protocol& mpc, const Bits& segment_flags, Bits x) {
  require(segment_flags.width() == 1 && segment_flags.size() == x.size(),
          "groups: segment flags are one bit a row");
  Bits begun = segment_flags;  // the rows that row i has looked at reach to the start of its group
  for (std::size_t reach = 1; reach < x.size(); reach *= 2) {
    const auto by = static_cast<std::ptrdiff_t>(reach);
    const Bits before = shift_rows(x, by);
    // Rows from outside are 0 and change nothing.
    const Bits larger = mpc.less_than(x, before);
    const Bits take = mpc.bit_and(larger, mpc.bit_not(begun));
    x = select(mpc, take, before, x);
    begun = bit_or(mpc, begun, shift_rows(begun, by));
  }
  return x;
}

}  // namespace polder
