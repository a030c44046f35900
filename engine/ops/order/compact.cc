#include "ops/order/compact.h"

#include <utility>

#include "base/error.h"
#include "ops/order/moving_rows.h"
#include "ops/order/stable_partition.h"

namespace polder {
namespace {

/// Numbers of the rows that are set.
Indices set_rows(const PlainBits& flags) {
  Indices rows;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags.flag(i)) rows.push_back(static_cast<std::uint32_t>(i));
  }
  return rows;
}

}  // namespace

Compacted compact(Protocol& mpc, const Bits& valid, std::vector<Column> columns) {
  require(valid.width() == 1, "compact: valid is one bit a row");
  Arith to = chosen_first(mpc, mpc.to_arith(valid)).to;
  columns.push_back(valid);
  columns = permute(mpc, std::move(to), std::move(columns));
  Bits moved = std::get<Bits>(std::move(columns.back()));
  columns.pop_back();
  return {std::move(columns), std::move(moved)};
}

std::vector<Column> compact_open(Protocol& mpc, const Bits& valid, std::vector<Column> columns,
                                 Arrangement arrangement) {
  require(valid.width() == 1, "compact_open: valid is one bit a row");
  const bool keeps_order = arrangement == Arrangement::kept;
  // Valid rows go to their number among themselves.
  if (keeps_order) {
    columns.push_back(prefix_sum(mpc.to_arith(valid)) - mpc.constant(valid.size(), 1));
  }
  columns.push_back(valid);
  const std::unique_ptr<Shuffle> shuffle = mpc.shuffle(valid.size());
  MovingRows rows(mpc.workers(), std::move(columns));
  rows.apply(*shuffle);

  const Bits shuffled_valid = std::get<Bits>(rows.take_last());
  // Safe: says how many rows are valid, as asked. Where they are after a shuffle nobody knows is
  // uniformly random.
  rows.pick(set_rows(mpc.open(shuffled_valid, all_nodes)));
  if (keeps_order) {
    // Safe: the valid rows are still in an order nobody knows.
    rows.pick(inverse(mpc.workers(), open_permutation(mpc, rows.take_last())));
  }
  return std::move(rows).take();
}

}  // namespace polder
