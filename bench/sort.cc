// Sorting whole columns by one key; and both ways to do so, whatever `sort` would choose.
#include "ops/order/sort.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/row.h"
#include "ops/order/comparison_sort.h"
#include "ops/order/radix_sort.h"

namespace polder::bench {
namespace {

using Sorting = std::function<std::vector<Column>(Protocol&, const Bits& key, const Arith& column)>;

/// Keys of which many are equal, each row with its number: only a stable sort opens to this.
Job sort_keys_of(Node& node, std::size_t n, int width, const Sorting& sorted) {
  Values keys = node.random(n, width), numbers(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 4 == 0) keys[i] = keys[i / 2];
    numbers[i] = i;
  }
  std::vector<std::uint64_t> order = numbers;
  std::ranges::stable_sort(order, {}, [&](std::uint64_t i) { return keys[i]; });
  return job([&mpc = node.mpc(), key = node.share_bits(keys, width), numbers = node.share(numbers),
              sorted] { return sorted(mpc, key, numbers); },
             [&node, order](const std::vector<Column>& sorted_numbers) {
               return node.open(std::get<Arith>(sorted_numbers[0])) == order;
             });
}

Row row(std::string name, int width, Row::Wanted wanted, Sorting sorted) {
  return {
      .name = std::move(name),
      .group = "sort",
      .n = 1 << 20,
      .prepare = [=](Node& node, std::size_t n) { return sort_keys_of(node, n, width, sorted); },
      .wanted = wanted};
}

Row sort_row(int width, Row::Wanted wanted) {
  return row(fmt::format("sort_{}", width), width, wanted,
             [](Protocol& mpc, const Bits& key, const Arith& column) {
               return sort(mpc, {{{&key}}}, {column});
             });
}

Row comparison_row(int width) {
  return row(fmt::format("compared_{}", width), width, Row::Wanted::by_name,
             [](Protocol& mpc, const Bits& key, const Arith& column) {
               return comparison_order(mpc, key).apply({column});
             });
}

Row radix_row(int width, int digit_bits) {
  return row(fmt::format("radix_{}_by_{}", width, digit_bits), width, Row::Wanted::by_name,
             [=](Protocol& mpc, const Bits& key, const Arith& column) {
               return radix_order(mpc, key, digit_bits).apply({column});
             });
}

}  // namespace

std::vector<Row> sorts() {
  std::vector<Row> rows{sort_row(32, Row::Wanted::always), sort_row(64, Row::Wanted::always)};
  for (const int width : {1, 2, 3, 4, 6, 8, 12, 16, 32}) {
    if (width < 32) rows.push_back(sort_row(width, Row::Wanted::by_name));
    rows.push_back(comparison_row(width));
    for (int digit_bits = 1; digit_bits <= std::min(width, 4); ++digit_bits)
      rows.push_back(radix_row(width, digit_bits));
  }
  return rows;
}

}  // namespace polder::bench
