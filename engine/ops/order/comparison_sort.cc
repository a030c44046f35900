#include "ops/order/comparison_sort.h"

#include "ops/order/sample_sort.h"
#include "ops/row_numbers.h"

namespace polder {
namespace {

/// Whole rows of number, key and what is carried, from the lowest bit.
Rows numbered_rows(Protocol& mpc, Bits key, Bits carried) {
  // Distinct numbers make the keys distinct, and the sort stable.
  const Bits numbers = row_numbers(mpc, key.size());
  return to_rows(mpc.workers(), {&numbers, &key, &carried});
}

struct ComparedRows {
  std::unique_ptr<Shuffle> shuffle;
  Rows rows;      // shuffled
  Indices order;  // row order[i] is the i-th
};

ComparedRows compare_rows(Protocol& mpc, Bits key, Bits carried) {
  const std::size_t n = key.size();
  const int compared = row_number_width(n) + key.width();
  std::vector<Column> columns;
  columns.push_back(numbered_rows(mpc, std::move(key), std::move(carried)));
  std::unique_ptr<Shuffle> shuffle = mpc.shuffle(n);
  columns = shuffle->apply(std::move(columns));
  Rows rows = std::get<Rows>(std::move(columns[0]));
  // Safe: distinct by their old number and shuffled two lines above, so the order of `rows` is a
  // uniformly random permutation.
  Indices order = open_sorted_order(mpc, rows, compared);
  return {std::move(shuffle), std::move(rows), std::move(order)};
}

}  // namespace

Sorted comparison_sort(Protocol& mpc, Bits key, Bits carried) {
  const int number_width = row_number_width(key.size()), key_width = key.width(),
            carried_width = carried.width();
  ComparedRows compared = compare_rows(mpc, std::move(key), std::move(carried));
  const auto sorted = [&](int first, int width) {
    return gather_bits(mpc.workers(), compared.rows, compared.order, first, width);
  };
  Bits keys = sorted(number_width, key_width);
  Bits moved = sorted(number_width + key_width, carried_width);
  return {RowOrder(mpc, std::move(compared.shuffle), std::move(compared.order)), std::move(keys),
          std::move(moved)};
}

RowOrder comparison_order(Protocol& mpc, Bits key) {
  Bits nothing(key.components(), key.size(), 0);
  ComparedRows compared = compare_rows(mpc, std::move(key), std::move(nothing));
  return RowOrder(mpc, std::move(compared.shuffle), std::move(compared.order));
}

}  // namespace polder
