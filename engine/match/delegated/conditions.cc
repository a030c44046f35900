#include "match/delegated/conditions.h"

#include <algorithm>

#include "base/error.h"
#include "ops/arithmetic/add_bits.h"

namespace polder {
namespace {

using Distance = std::ptrdiff_t;

Bits ones(Protocol& mpc, std::size_t n) { return mpc.constant(n, 1, 1); }

Bits bit_or(Protocol& mpc, const Bits& x, const Bits& y) { return x ^ y ^ mpc.bit_and(x, y); }

/// Bit i: the same bit of x in rows i, i - 1 … i - length + 1 is set everywhere. Doubling; the last
/// step may overlap.
Bits all_of_window(Protocol& mpc, Bits x, std::uint64_t length) {
  for (std::uint64_t covered = 1; covered < length;) {
    const std::uint64_t by = std::min(covered, length - covered);
    x = mpc.bit_and(x, shift_rows(x, static_cast<Distance>(by)));
    covered += by;
  }
  return x;
}

/// Bit i: x is set in one of rows i, i + 1 … i + length - 1.
Bits any_of_window(Protocol& mpc, Bits x, std::uint64_t length) {
  for (std::uint64_t covered = 1; covered < length;) {
    const std::uint64_t by = std::min(covered, length - covered);
    x = bit_or(mpc, x, shift_rows(x, -static_cast<Distance>(by)));
    covered += by;
  }
  return x;
}

/// Rows within reach of each other: bit i of `linked` says that rows i, i - 1 … i - covered are of
/// one group.
struct Reach {
  Bits linked;
  std::uint64_t covered;
};

/// Doubles what is covered, up to `most`.
void extend(Protocol& mpc, Reach& reach, std::uint64_t most) {
  const std::uint64_t by = std::min(reach.covered, most - reach.covered);
  if (by == 0) return;
  reach.linked = mpc.bit_and(reach.linked, shift_rows(reach.linked, static_cast<Distance>(by)));
  reach.covered += by;
}

/// x is set somewhere in the row's group.
Bits any_of_group(Protocol& mpc, const SortedUnion& rows, Bits x) {
  Reach reach{rows.same, 1};
  for (std::uint64_t seen = 1; seen < rows.longest_group;) {  // to each side, this row included
    // The rows `covered` <= seen away on both sides, where they are of this group, bring what they
    // have seen.
    const auto by = static_cast<Distance>(reach.covered);
    const Bits before = shift_rows(x, by), after = shift_rows(x, -by);
    const Bits linked_after = shift_rows(reach.linked, -by);
    const Bits found =
        mpc.bit_and(join_bits({&before, &after}), join_bits({&reach.linked, &linked_after}));
    x = bit_or(mpc, x, bit_or(mpc, bit(found, 0), bit(found, 1)));
    seen += reach.covered;
    if (seen < rows.longest_group) extend(mpc, reach, rows.longest_group);
  }
  return x;
}

/// How many of the group's rows up to this one have x set.  [N] of one bit -> [N] of log2(longest
/// group) + 1 bits.
Bits running_count(Protocol& mpc, const SortedUnion& rows, const Bits& x) {
  const int width = log2_ceil(rows.longest_group + 1);
  const Bits no_more = mpc.constant(x.size(), width - 1, 0);
  Bits count = join_bits({&x, &no_more});
  Reach reach{rows.same, 1};
  for (std::uint64_t counted = 1; counted < rows.longest_group;) {
    const Bits before =
        mpc.bit_and(shift_rows(count, static_cast<Distance>(counted)), reach.linked);
    count = add_bits(mpc, count, before);
    counted *= 2;
    if (counted < rows.longest_group) extend(mpc, reach, counted);
  }
  return count;
}

}  // namespace

Bits enough_holders(Protocol& mpc, const SortedUnion& rows, std::uint64_t threshold) {
  if (threshold <= 1) return ones(mpc, rows.same.size());
  if (threshold > rows.longest_group) return mpc.constant(rows.same.size(), 1, 0);
  // A window of `threshold` rows of one group ends here; it speaks for every row in it, and the
  // windows cover the group.
  const Bits window_ends = all_of_window(mpc, rows.same, threshold - 1);
  return any_of_window(mpc, window_ends, threshold);
}

Bits enough_set(Protocol& mpc, const SortedUnion& rows, const Bits& column, std::uint64_t least) {
  require(least >= 1, "no rows are asked for");
  if (least == 1) return any_of_group(mpc, rows, column);
  if (least > rows.longest_group) return mpc.constant(rows.same.size(), 1, 0);
  const Bits count = running_count(mpc, rows, column);
  const Bits wanted = mpc.constant(count.size(), count.width(), least);
  return any_of_group(mpc, rows, mpc.bit_not(mpc.less_than(count, wanted)));
}

Bits segment_ends(Protocol& mpc, const SortedUnion& rows) {
  return mpc.bit_not(
      shift_rows(rows.same, -1));  // the row after the last one is no row: its bit is 0
}

}  // namespace polder
