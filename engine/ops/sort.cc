#include "ops/sort.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "ops/sample_sort.h"

namespace polder {
namespace {

/// The public numbers 0 .. n - 1 as a column.
Bits row_numbers(Protocol& mpc, std::size_t n, int width) {
  Words numbers(n);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
  return mpc.constant(PlainBits::of_rows(numbers, n, width));
}

/// The key so that a smaller unsigned number comes first. Turning bits over is a public change,
/// undone by doing it again.
Bits as_ascending(Protocol& mpc, const SortKey& by) {
  Bits key = by.direction == Direction::descending ? mpc.invert(*by.key) : *by.key;
  if (by.sign == Sign::without) return key;
  const Bits top = mpc.invert(bit(key, key.width() - 1)), rest = bits(key, 0, key.width() - 1);
  return join_bits({&rest, &top});
}

/// All keys side by side, the last one lowest.
Bits joined_keys(Protocol& mpc, std::span<const SortKey> keys) {
  std::vector<Bits> ascending;
  for (const SortKey& by : keys) ascending.push_back(as_ascending(mpc, by));
  std::vector<const Bits*> from_lowest;
  for (const Bits& key : ascending) from_lowest.insert(from_lowest.begin(), &key);
  return join_bits(from_lowest);
}

}  // namespace

Sorted sort_keys(Protocol& mpc, std::span<const SortKey> keys, const Bits* carried) {
  require(!keys.empty(), "sort: no key");
  const std::size_t n = keys[0].key->size();
  const int number_width =
      std::max(1, log2_ceil(n));  // distinct numbers make the keys distinct, and the sort stable
  Bits wide = joined_keys(mpc, keys);
  const int key_width = wide.width(), compared = number_width + key_width;
  {
    const Bits numbers = row_numbers(mpc, n, number_width);
    wide =
        carried == nullptr ? join_bits({&numbers, &wide}) : join_bits({&numbers, &wide, carried});
  }

  std::unique_ptr<Shuffle> shuffle = mpc.shuffle(n);
  std::vector<Column> columns;
  columns.push_back(to_rows(wide));
  wide = Bits();
  columns = shuffle->apply(std::move(columns));
  Rows rows = std::get<Rows>(std::move(columns[0]));
  // Safe: distinct by their old number and shuffled a line above, so the order of `rows` is a
  // uniformly random permutation.
  Indices order = open_sorted_order(mpc, rows, compared);

  const Bits sorted = from_rows(gather(rows, order));
  return {RowOrder(std::move(shuffle), std::move(order)), bits(sorted, number_width, key_width),
          bits(sorted, compared, sorted.width() - compared)};
}

std::vector<Column> sort(Protocol& mpc, std::span<const SortKey> keys,
                         std::vector<Column> columns) {
  return sort_keys(mpc, keys).order.apply(std::move(columns));
}

}  // namespace polder
