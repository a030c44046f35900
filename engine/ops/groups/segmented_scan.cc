#include "ops/groups/segmented_scan.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"
#include "ops/compare/logic.h"
#include "ops/groups/row_pairs.h"
#include "ops/groups/segment_bounds.h"

namespace polder {
namespace {

/// As the carry of an adder: a row's bit is `made` there, or comes from the row next to it where
/// that `passes`; no bit does both. After the step of a distance, both speak for twice as many
/// rows.
struct Carry {
  Bits made;                     // [n] of w
  Bits passes;                   // [n] of w, or of 1 for all of them
  std::ptrdiff_t direction = 1;  // from earlier rows; -1 from later ones
};

Bits joined(const std::vector<Bits>& columns) {
  std::vector<const Bits*> parts;
  for (const Bits& column : columns) parts.push_back(&column);
  return join_bits(parts);
}

Bits at_width(const Bits& passes, int width) {
  return passes.width() == width ? passes : repeat_bit(passes, width);
}

/// All carries, by one more distance.  1 round.
void take_step(Protocol& mpc, std::span<Carry> carries, std::ptrdiff_t distance, bool is_last) {
  std::vector<Bits> theirs, ours;
  for (const Carry& carry : carries) {
    const std::ptrdiff_t by = carry.direction * distance;
    theirs.push_back(shift_rows(carry.made, by));
    ours.push_back(at_width(carry.passes, carry.made.width()));
    if (is_last) continue;
    theirs.push_back(shift_rows(carry.passes, by));
    ours.push_back(carry.passes);
  }
  const Bits products = mpc.bit_and(joined(theirs), joined(ours));
  int first = 0;
  const auto next = [&](int width) {
    return bits(products, std::exchange(first, first + width), width);
  };
  for (Carry& carry : carries) {
    carry.made = carry.made ^ next(carry.made.width());
    if (!is_last) carry.passes = next(carry.passes.width());
  }
}

void pass_along(Protocol& mpc, std::span<Carry> carries, GroupBound bound) {
  require(bound.longest > 0, "groups have at least one row");
  const std::size_t reach = std::min(carries[0].made.size(), bound.longest);
  for (std::size_t distance = 1; distance < reach; distance *= 2)
    take_step(mpc, carries, static_cast<std::ptrdiff_t>(distance), 2 * distance >= reach);
}

/// A step over all rows is worth more than a round.
bool pays_to_halve(const Protocol& mpc, std::size_t rows, std::size_t reach) {
  const double saved_steps = log2_ceil(reach) / 2.0 - 1;  // of the rows before, less the work it is
  return saved_steps * static_cast<double>(rows) > mpc.rows_per_round();
}

/// As pass_along from earlier rows, in fewer bits and more rounds: half the rows speak for pairs.
/// passes [n] of 1.
Bits pass_along_in_pairs(Protocol& mpc, Carry carry, GroupBound bound) {
  const std::size_t n = carry.made.size();
  const int width = carry.made.width();
  if (!pays_to_halve(mpc, n, std::min(n, bound.longest))) {
    pass_along(mpc, {&carry, 1}, bound);
    return std::move(carry.made);
  }
  RowPairs made = row_pairs(std::move(carry.made)), passes = row_pairs(std::move(carry.passes));
  const Bits products = mpc.bit_and(join_bits({&made.even, &passes.even}), passes.odd);
  made.odd =
      pass_along_in_pairs(mpc, {made.odd ^ bits(products, 0, width), bits(products, width, 1)},
                          {bound.longest / 2 + 1});
  made.even = made.even ^ mpc.bit_and(shift_rows(made.odd, 1), passes.even);
  return from_pairs(made, n);
}

/// For a group's bits that add up by `or`: a set bit makes the answer, a bit not set lets it pass
/// unless the group begins there.  1 round.
std::vector<Carry> any_carries(Protocol& mpc, const Bits& x, const std::vector<Bits>& bounds) {
  std::vector<Bits> unset(bounds.size(), mpc.bit_not(x)), within;
  for (const Bits& bound : bounds) within.push_back(repeat_bit(mpc.bit_not(bound), x.width()));
  const Bits passes = mpc.bit_and(joined(unset), joined(within));
  std::vector<Carry> carries;
  for (std::size_t i = 0; i < bounds.size(); ++i)
    carries.push_back({x, bits(passes, static_cast<int>(i) * x.width(), x.width())});
  return carries;
}

}  // namespace

Bits segmented_prefix_or(Protocol& mpc, const Bits& segment_flags, const Bits& x,
                         GroupBound bound) {
  std::vector<Carry> carries = any_carries(mpc, x, {segment_flags});
  pass_along(mpc, carries, bound);
  return carries[0].made;
}

Bits segmented_or(Protocol& mpc, const Bits& segment_flags, const Bits& x, GroupBound bound) {
  std::vector<Carry> carries =
      any_carries(mpc, x, {segment_flags, segment_ends(mpc, segment_flags)});
  carries[1].direction = -1;
  pass_along(mpc, carries, bound);
  const Bits &before = carries[0].made, &behind = carries[1].made;
  return bit_or(mpc, before, behind);
}

Bits segmented_broadcast(Protocol& mpc, const Bits& segment_flags, const Bits& x,
                         GroupBound bound) {
  return pass_along_in_pairs(mpc, {mpc.bit_and(x, segment_flags), mpc.bit_not(segment_flags)},
                             bound);
}

}  // namespace polder
