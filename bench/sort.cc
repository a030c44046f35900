// Sorting whole columns by one key.
#include "ops/sort.h"

#include <algorithm>

#include "bench/row.h"

namespace polder::bench {
namespace {

/// Keys of which many are equal, each row with its number: only a stable sort opens to this.
Job sort_keys_of(Node& node, std::size_t n, int width) {
  Values keys = node.random(n, width), numbers(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 4 == 0) keys[i] = keys[i / 2];
    numbers[i] = i;
  }
  std::vector<std::uint64_t> order = numbers;
  std::ranges::stable_sort(order, {}, [&](std::uint64_t i) { return keys[i]; });
  return job([&mpc = node.mpc(), key = node.share_bits(keys, width),
              numbers = node.share(numbers)] { return sort(mpc, {{{&key}}}, {numbers}); },
             [&node, order](const std::vector<Column>& sorted) {
               return node.open(std::get<Arith>(sorted[0])) == order;
             });
}

Job sort_32(Node& node, std::size_t n) { return sort_keys_of(node, n, 32); }
Job sort_64(Node& node, std::size_t n) { return sort_keys_of(node, n, 64); }

}  // namespace

std::vector<Row> sorts() {
  return {{"sort_32", "sort", 1 << 20, sort_32}, {"sort_64", "sort", 1 << 20, sort_64}};
}

}  // namespace polder::bench
