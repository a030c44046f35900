// The operators whose frames follow an order that they open, beside those of
// operator_table_fixture.h: what they cost, and what a node sees of them, depends on that order,
// which the nodes' keys and the order of the rows fix. So there are scenarios that are alike in
// that order and in nothing else.
#pragma once

#include <numeric>

#include "ops/groups/join.h"
#include "ops/operator_table_fixture.h"
#include "ops/order/order_statistic.h"
#include "ops/order/sort.h"

namespace polder::testing {

/// By bits 1 to 31. A left row is valid unless bit 0 is set, a right one where its flag is: so the
/// join puts its rows in the order of their low 32 bits, as long as bit 0 of all right ones is set.
/// Reveals nothing.
inline std::vector<Column> join_by_31_bits(Protocol& mpc, const Operands& in) {
  const Bits left = bits(in.a, 1, 31), right = bits(in.b, 1, 31), valid = mpc.bit_not(bit(in.a, 0));
  Joined joined = join(mpc, {&left, &valid}, {in.order, in.b}, {&right, &in.flag});
  joined.columns.insert(joined.columns.end(), {joined.found, joined.repeated});
  return std::move(joined.columns);
}

inline std::vector<OperatorRow> sorting_table() {
  using Mpc = Protocol&;
  using In = const Operands&;
  return {
      row("sort-32",
          [](Mpc mpc, In in) {
            const Bits key = bits(in.a, 0, 32);
            return sort(mpc, {{{&key}}}, {in.x});
          }),
      row("sort-64", [](Mpc mpc, In in) { return sort(mpc, {{{&in.a}}}, {in.x}); }),
      row("order_statistic-64",
          [](Mpc mpc, In in) { return order_statistic(mpc, in.a, in.size() / 2); }),
      row("join-31-arith-bits", join_by_31_bits),
  };
}

/// Operands of n rows whose numbers, x before y, are in one order whatever the seed; ties are by
/// row. `sharing` of 8: how often a row of the join has the key of the one before it, where that
/// can be; `valid` of 8: how often it is valid.
inline PlainOperands alike_operands(std::size_t n, unsigned seed, unsigned sharing,
                                    unsigned valid) {
  std::vector<std::size_t> order(2 * n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, std::mt19937_64(1));
  std::mt19937_64 draw(seed);
  PlainOperands plain{Values(n), Values(n), Values(n), sample(n, 64, seed)};
  std::uint64_t number = 0;
  std::size_t before = 2 * n;
  for (const std::size_t row : order) {
    const bool right = row >= n, is_valid = draw() % 8 < valid;
    const std::uint64_t lowest = right || !is_valid;
    const bool may_share = number % 2 < lowest || (number % 2 == lowest && row > before);
    const std::uint64_t key =
        number / 2 + (may_share && draw() % 8 < sharing ? 0 : 1 + draw() % 100);
    number = 2 * key + lowest;
    before = row;
    (right ? plain.y : plain.x)[row % n] = number;
    if (right) plain.flags[row % n] = is_valid;
  }
  return plain;
}

}  // namespace polder::testing
