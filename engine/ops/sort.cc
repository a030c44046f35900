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
  const Bits key = unsigned_order(mpc, *by.key, by.sign);
  return by.direction == Direction::descending ? mpc.invert(key) : key;
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
  const int number_width = row_number_width(n);
  Bits wide = joined_keys(mpc, keys);
  const int key_width = wide.width(), compared = number_width + key_width;
  {
    // Distinct numbers make the keys distinct, and the sort stable.
    const Bits numbers = row_numbers(mpc, n);
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
