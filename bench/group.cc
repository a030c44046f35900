// Totals of groups, from unsorted rows.
#include <map>

#include "bench/row.h"
#include "ops/groups/group_rows.h"
#include "ops/groups/segment_bounds.h"
#include "ops/order/sort.h"

namespace polder::bench {
namespace {

/// Sum of `value` for each 32-bit key: sorted by key, then one row a group.
GroupRows sums_by_key(Protocol& mpc, const Bits& key, const Arith& value) {
  const SortKey by_key{&key};
  const Sorted sorted = sort_keys(mpc, {&by_key, 1});
  std::vector<Column> moved = sorted.order.apply({value});
  const Bits segment_flags = segment_starts(mpc, sorted.keys);
  return group_rows(mpc, segment_flags,
                    {.first = {sorted.keys}, .last = {}, .sum = {std::get<Arith>(moved[0])}});
}

/// The rows that are groups, in order, are those of the plain sums.
bool are_sums(Node& node, const GroupRows& groups,
              const std::map<std::uint64_t, std::uint64_t>& sums) {
  const Values valid = node.open(groups.valid);
  const Values key = node.open(std::get<Bits>(groups.columns.first[0]));
  const Values sum = node.open(groups.columns.sum[0]);
  auto next = sums.begin();
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const bool expected = next != sums.end();
    if ((valid[i] == 1) != expected) return false;
    if (!expected) continue;
    if (key[i] != next->first || sum[i] != next->second) return false;
    ++next;
  }
  return next == sums.end();
}

/// Some four rows a group.
Job group_sum(Node& node, std::size_t n) {
  Values key = node.random(n, 32);
  const Values value = node.random(n);
  std::map<std::uint64_t, std::uint64_t> sums;
  for (std::size_t i = 0; i < n; ++i) {
    key[i] = key[i] % (n / 4 + 1) * 16'001;
    sums[key[i]] += value[i];
  }
  return job([&mpc = node.mpc(), key = node.share_bits(key, 32),
              value = node.share(value)] { return sums_by_key(mpc, key, value); },
             [&node, sums](const GroupRows& groups) { return are_sums(node, groups, sums); });
}

}  // namespace

std::vector<Row> groups() { return {{"group_sum", "group", 1 << 18, group_sum}}; }

}  // namespace polder::bench
