#include "ops/sort.h"

#include <algorithm>

#include "base/error.h"
#include "ops/row_numbers.h"
#include "ops/sample_sort.h"

namespace polder {
namespace {

/// The key so that a smaller unsigned number comes first. Turning bits over is a public change,
/// undone by doing it again.
Bits as_ascending(Protocol& mpc, const SortKey& by) {
  Bits key = unsigned_order(mpc, *by.key, by.sign);
  if (by.direction == Direction::descending) return mpc.invert(key);
  return key;
}

/// All keys side by side, the last one lowest.
Bits joined_keys(Protocol& mpc, std::span<const SortKey> keys) {
  require(!keys.empty(), "sort: no key");
  if (keys.size() == 1) return as_ascending(mpc, keys[0]);
  std::vector<Bits> ascending;
  for (const SortKey& by : keys) ascending.push_back(as_ascending(mpc, by));
  std::vector<const Bits*> from_lowest;
  for (const Bits& key : ascending) from_lowest.insert(from_lowest.begin(), &key);
  return join_bits(from_lowest);
}

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

Bits nothing(Protocol& mpc, std::size_t n) { return Bits(mpc.components(), n, 0); }

}  // namespace

Sorted sort_key(Protocol& mpc, Bits key, Bits carried) {
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

Sorted sort_keys(Protocol& mpc, std::span<const SortKey> keys, const Bits* carried) {
  Bits key = joined_keys(mpc, keys);
  Bits moved = carried == nullptr ? nothing(mpc, key.size()) : *carried;
  return sort_key(mpc, std::move(key), std::move(moved));
}

std::vector<Column> sort(Protocol& mpc, std::span<const SortKey> keys,
                         std::vector<Column> columns) {
  Bits key = joined_keys(mpc, keys);
  Bits none = nothing(mpc, key.size());
  ComparedRows compared = compare_rows(mpc, std::move(key), std::move(none));
  compared.rows = Rows();
  return RowOrder(mpc, std::move(compared.shuffle), std::move(compared.order))
      .apply(std::move(columns));
}

}  // namespace polder
