#include "ops/order/radix_sort.h"

#include <algorithm>

#include "base/error.h"
#include "ops/order/stable_partition.h"
#include "ops/row_numbers.h"

namespace polder {
namespace {

struct SortedRows {
  RowOrder order;
  Bits rows;
};

SortedRows sort_by_one_digit(Protocol& mpc, Bits rows, int width) {
  Arith to = destinations(mpc, bits(rows, 0, width));
  std::vector<Column> columns;
  columns.push_back(std::move(rows));
  Permuted sorted = permuted(mpc, std::move(to), std::move(columns));
  return {std::move(sorted.order), std::get<Bits>(std::move(sorted.columns[0]))};
}

/// Where a shuffle puts each row.
Bits shuffled_places(Protocol& mpc, Shuffle& shuffle, std::size_t n) {
  std::vector<Column> places;
  places.push_back(row_numbers(mpc, n));
  return std::get<Bits>(shuffle.invert(std::move(places))[0]);
}

/// By their lowest key_width bits.
SortedRows sort_rows(Protocol& mpc, Bits rows, int key_width, int digit_bits) {
  if (key_width <= digit_bits) return sort_by_one_digit(mpc, std::move(rows), key_width);

  // Each row takes along where a fresh shuffle would put it.
  std::unique_ptr<Shuffle> shuffle = mpc.shuffle(rows.size());
  std::vector<Column> columns;
  columns.push_back(shuffled_places(mpc, *shuffle, rows.size()));
  columns.push_back(std::move(rows));
  for (int first = 0; first < key_width; first += digit_bits) {
    const int width = std::min(digit_bits, key_width - first);
    Arith to = destinations(mpc, bits(std::get<Bits>(columns[1]), first, width));
    columns = permute(mpc, std::move(to), std::move(columns));
  }
  // Safe: whatever the order of the rows, their places in a shuffle that nobody knows, and of which
  // nothing was opened, are a uniformly random permutation.
  Indices picked = open_permutation(mpc, columns[0]);
  return {RowOrder(mpc, std::move(shuffle), std::move(picked)),
          std::get<Bits>(std::move(columns[1]))};
}

}  // namespace

Sorted radix_sort(Protocol& mpc, Bits key, Bits carried, int digit_bits) {
  const int key_width = key.width(), carried_width = carried.width();
  Bits rows = join_bits({&key, &carried});
  key = carried = Bits();
  SortedRows sorted = sort_rows(mpc, std::move(rows), key_width, digit_bits);
  Bits moved = bits(sorted.rows, key_width, carried_width);
  return {std::move(sorted.order), bits(std::move(sorted.rows), 0, key_width), std::move(moved)};
}

RowOrder radix_order(Protocol& mpc, Bits key, int digit_bits) {
  const int key_width = key.width();
  return sort_rows(mpc, std::move(key), key_width, digit_bits).order;
}

}  // namespace polder
