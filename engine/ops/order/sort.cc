#include "ops/order/sort.h"

#include <algorithm>

#include "base/error.h"
#include "ops/order/comparison_sort.h"
#include "ops/order/radix_sort.h"
#include "ops/order/sort_choice.h"
#include "ops/order/stable_partition.h"

namespace polder {
namespace {

/// Nothing to compare has no order that could be opened.
void check_key(const Bits& key) {
  if (key.width() > 0) return;
  fail(Code::bad_schema, "sort: a key has no bits; sort by a column of one bit or more");
}

/// The key so that a smaller unsigned number comes first. Turning bits over is a public change,
/// undone by doing it again.
Bits as_ascending(Protocol& mpc, const SortKey& by) {
  check_key(*by.key);
  Bits key = unsigned_order(mpc, *by.key, by.sign);
  if (by.direction == Direction::descending) return mpc.bit_not(key);
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

}  // namespace

Sorted sort_key(Protocol& mpc, Bits key, Bits carried) {
  check_key(key);
  const int digit_bits = radix_digit_bits(mpc, {key.size(), key.width(), carried.width()});
  if (digit_bits > 0) return radix_sort(mpc, std::move(key), std::move(carried), digit_bits);
  return comparison_sort(mpc, std::move(key), std::move(carried));
}

Sorted sort_keys(Protocol& mpc, std::span<const SortKey> keys, const Bits* carried) {
  Bits key = joined_keys(mpc, keys);
  Bits moved = carried == nullptr ? Bits(key.components(), key.size(), 0) : *carried;
  return sort_key(mpc, std::move(key), std::move(moved));
}

std::vector<Column> sort(Protocol& mpc, std::span<const SortKey> keys,
                         std::vector<Column> columns) {
  Bits key = joined_keys(mpc, keys);
  const int digit_bits = radix_digit_bits(mpc, {key.size(), key.width()});
  if (digit_bits == 0) return comparison_order(mpc, std::move(key)).apply(std::move(columns));
  if (digit_bits >= key.width()) return permute(mpc, destinations(mpc, key), std::move(columns));
  return radix_order(mpc, std::move(key), digit_bits).apply(std::move(columns));
}

}  // namespace polder
