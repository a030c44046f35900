#include "ops/order/permute.h"

#include <algorithm>

#include "base/error.h"
#include "ops/order/moving_rows.h"

namespace polder {
namespace {

/// Row numbers, each once: a wrong destination must not become a write outside the column.
Indices as_permutation(std::span<const std::uint64_t> values) {
  Indices permutation(values.size());
  std::vector<bool> seen(values.size(), false);
  for (std::size_t i = 0; i < values.size(); ++i) {
    require(values[i] < values.size() && !seen[values[i]], "destinations are not a permutation");
    seen[values[i]] = true;
    permutation[i] = static_cast<std::uint32_t>(values[i]);
  }
  return permutation;
}

}  // namespace

Indices open_permutation(Protocol& mpc, const Column& shuffled) {
  // Safe: a permutation in a fresh order that nobody knows (the caller's promise) is a uniformly
  // random permutation, whatever it was before.
  const auto opened = [&](const auto& values) { return mpc.open(values, all_nodes); };
  if (const Bits* bits = std::get_if<Bits>(&shuffled)) return as_permutation(opened(*bits).rows());
  return as_permutation(opened(std::get<Arith>(shuffled)));
}

Permuted permuted(Protocol& mpc, Column to, std::vector<Column> columns) {
  std::unique_ptr<Shuffle> shuffle = mpc.shuffle(size(to));
  columns.push_back(std::move(to));
  MovingRows rows(mpc.workers(), std::move(columns));
  rows.apply(*shuffle);
  // Safe: shuffled one line above.
  Indices picked = inverse(mpc.workers(), open_permutation(mpc, rows.take_last()));
  rows.pick(picked);
  return {RowOrder(mpc, std::move(shuffle), std::move(picked)), std::move(rows).take()};
}

std::vector<Column> permute(Protocol& mpc, Column to, std::vector<Column> columns) {
  return permuted(mpc, std::move(to), std::move(columns)).columns;
}

std::vector<Column> permute_back(Protocol& mpc, Column to, std::vector<Column> columns) {
  return permuted(mpc, std::move(to), {}).order.invert(std::move(columns));
}

Column compose(Protocol& mpc, Column first, Column then) {
  std::vector<Column> columns;
  columns.push_back(std::move(then));
  return permute_back(mpc, std::move(first), std::move(columns))[0];
}

std::vector<Column> shuffled(Protocol& mpc, std::vector<Column> columns) {
  if (columns.empty()) return columns;
  const std::unique_ptr<Shuffle> shuffle = mpc.shuffle(size(columns[0]));
  MovingRows rows(mpc.workers(), std::move(columns));
  rows.apply(*shuffle);
  return std::move(rows).take();
}

}  // namespace polder
