#include "ops/radix_sort.h"

#include <algorithm>

#include "base/error.h"
#include "ops/row_numbers.h"
#include "ops/stable_partition.h"

namespace polder {
namespace {

/// Digits of three bits take 3 rounds and 35 B a bit, of two 4 and 36, but twice their memory.
int digit_width(const RadixOptions& options, std::size_t n) {
  require(options.digit_bits >= 0 && options.digit_bits <= 8, "a digit has 1 to 8 bits");
  if (options.digit_bits > 0) return options.digit_bits;
  return n < 65536 ? 3 : 2;
}

/// Key and companion, sorted by the lowest `width` bits of the key, which are then dropped.
void sort_by_digit(Protocol& mpc, int width, Bits& key, Bits& companion) {
  Arith to = destinations(mpc, bits(key, 0, width));
  key = bits(key, width, key.width() - width);
  std::vector<Column> rows;
  rows.push_back(std::move(companion));
  if (key.width() > 0) rows.push_back(std::move(key));
  rows = permute(mpc, std::move(to), std::move(rows));
  companion = std::get<Bits>(std::move(rows[0]));
  key = rows.size() > 1 ? std::get<Bits>(std::move(rows[1])) : Bits();
}

/// Where a shuffle puts each row.
Bits shuffled_places(Protocol& mpc, Shuffle& shuffle, std::size_t n) {
  std::vector<Column> places;
  places.push_back(row_numbers(mpc, n));
  return std::get<Bits>(shuffle.invert(std::move(places))[0]);
}

}  // namespace

RowOrder radix_order(Protocol& mpc, const Bits& key, RadixOptions options) {
  const std::size_t n = key.size();
  const int digit = digit_width(options, n);
  if (key.width() <= digit) return permuted(mpc, destinations(mpc, key), {}).order;

  // Each row takes along where a fresh shuffle would put it.
  std::unique_ptr<Shuffle> shuffle = mpc.shuffle(n);
  Bits place = shuffled_places(mpc, *shuffle, n);
  for (Bits rest = key; rest.width() > 0;)
    sort_by_digit(mpc, std::min(digit, rest.width()), rest, place);
  // Safe: whatever the order of the rows, their places in a shuffle that nobody knows, and of which
  // nothing was opened, are a uniformly random permutation.
  Indices picked = open_permutation(mpc, place);
  return RowOrder(mpc, std::move(shuffle), std::move(picked));
}

std::vector<Column> radix_sort(Protocol& mpc, const Bits& key, std::vector<Column> columns,
                               RadixOptions options) {
  if (key.width() <= digit_width(options, key.size()))
    return permute(mpc, destinations(mpc, key), std::move(columns));
  return radix_order(mpc, key, options).apply(std::move(columns));
}

}  // namespace polder
