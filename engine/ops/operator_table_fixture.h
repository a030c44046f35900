// Every operator once, on operands of any size: what is measured (costs_release_test.cc) and what
// is watched from a node (oblivious_test.cc). A new operator gets a row here and a line in
// tests/costs.txt. Operators whose frames depend on an opened random order (sort, nth, join) are in
// sorting_table_fixture.h; those whose frames depend on what they reveal (compact_open) in neither.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ops/arithmetic/add_bits.h"
#include "ops/arithmetic/convert.h"
#include "ops/arithmetic/divide.h"
#include "ops/arithmetic/multiply.h"
#include "ops/compare/any.h"
#include "ops/compare/compare.h"
#include "ops/compare/find_first_one.h"
#include "ops/compare/logic.h"
#include "ops/compare/open_any.h"
#include "ops/compare/select.h"
#include "ops/groups/group_rows.h"
#include "ops/groups/prefix.h"
#include "ops/groups/segment_bounds.h"
#include "ops/groups/segmented_scan.h"
#include "ops/operator_fixture.h"
#include "ops/order/compact.h"
#include "ops/order/min_max.h"
#include "ops/order/permute.h"
#include "ops/order/radix_sort.h"
#include "ops/order/sort.h"
#include "ops/order/stable_partition.h"
#include "ops/universal_hash.h"

namespace polder::testing {

/// Columns of n rows in the clear.
struct PlainOperands {
  Values x, y;   // any numbers
  Values flags;  // 0 or 1
  Values order;  // a permutation of 0 .. n - 1
};

struct Operands {
  Arith x, y;
  Bits a, b;  // the same numbers, 64 bits
  Bits flag;  // 1 bit
  Arith order;

  Operands(Party& party, const PlainOperands& plain)
      : x(party.input(plain.x)),
        y(party.input(plain.y)),
        a(party.input_bits(plain.x, 64)),
        b(party.input_bits(plain.y, 64)),
        flag(party.input_bits(plain.flags, 1)),
        order(party.input(plain.order)) {}
  std::size_t size() const { return x.size(); }
};

/// What an operator answers: shared columns, or what it opened.
struct Answers {
  std::vector<Column> columns;
  Values opened;
};

inline Answers answers(std::vector<Column> columns) { return {std::move(columns), {}}; }
inline Answers answers(Column column) {  // moved, so that counts are the operator's own
  Answers one;
  one.columns.push_back(std::move(column));
  return one;
}
inline Answers answers(Arith x) { return answers(Column(std::move(x))); }
inline Answers answers(Bits x) { return answers(Column(std::move(x))); }
inline Answers answers(const PlainBits& x) {
  const Words rows = x.rows();
  return {{}, Values(rows.begin(), rows.end())};
}
inline Answers answers(bool opened) { return {{}, {opened}}; }
inline Answers answers(const Quotient& x) { return {{x.value, x.defined}, {}}; }
inline Answers answers(const RowOrder&) { return {}; }  // of rows that only it could move
inline Answers answers(const PickedRow& x) { return {{x.value, x.number}, {}}; }
inline Answers answers(Compacted x) {
  x.columns.push_back(std::move(x.valid));
  return answers(std::move(x.columns));
}
inline Answers answers(GroupColumns x) {
  x.first.insert(x.first.end(), x.last.begin(), x.last.end());
  x.first.insert(x.first.end(), x.sum.begin(), x.sum.end());
  return answers(std::move(x.first));
}
inline Answers answers(GroupRows x) {
  x.columns.first.push_back(std::move(x.valid));
  return answers(std::move(x.columns));
}

struct OperatorRow {
  std::string name;  // as in tests/costs.txt: the operator, and what it is given
  std::function<Answers(Protocol&, const Operands&)> run;
};

template <typename Work>
OperatorRow row(std::string name, Work work) {
  return {std::move(name),
          [work](Protocol& mpc, const Operands& in) { return answers(work(mpc, in)); }};
}

inline std::vector<OperatorRow> operator_table() {
  using Mpc = Protocol&;
  using In = const Operands&;
  constexpr Sign with = Sign::with, without = Sign::without;
  return {
      // The protocol's own.
      row("mul", [](Mpc mpc, In in) { return mpc.mul(in.x, in.y); }),
      row("mul_each-2",
          [](Mpc mpc, In in) {
            return mpc.mul_each(in.size(), {{&in.x}, {&in.y}}, {{&in.y}, {&in.y}});
          }),
      row("mul_sum-3",
          [](Mpc mpc, In in) {
            return mpc.mul_sum(in.size(), {{&in.x}, {&in.y}, {&in.x}}, {{&in.y}, {&in.y}, {&in.x}});
          }),
      row("matmul-1-n-1",
          [](Mpc mpc, In in) {
            return mpc.matmul(in.x, in.y, {1, in.size(), 1});
          }),
      row("bit_and-64", [](Mpc mpc, In in) { return mpc.bit_and(in.a, in.b); }),
      row("bit_and-64-flag", [](Mpc mpc, In in) { return mpc.bit_and(in.a, in.flag); }),
      row("to_arith-1", [](Mpc mpc, In in) { return mpc.to_arith(in.flag); }),
      row("to_bits-64", [](Mpc mpc, In in) { return mpc.to_bits(in.x); }),
      row("to_bit-31", [](Mpc mpc, In in) { return mpc.to_bit(in.x, 31); }),
      row("truncate-20", [](Mpc mpc, In in) { return mpc.truncate(in.x, 20); }),
      row("truncate_probabilistic-20",
          [](Mpc mpc, In in) { return mpc.truncate_probabilistic(in.x, 20); }),
      row("mul_truncate_probabilistic-20",
          [](Mpc mpc, In in) { return mpc.mul_truncate_probabilistic(in.x, in.y, 20); }),
      row("suffix_or-64", [](Mpc mpc, In in) { return mpc.suffix_or(in.a); }),
      row("open-product-1",
          [](Mpc mpc, In in) { return mpc.open(mpc.bit_and(in.flag, in.flag), all_nodes); }),
      row("shuffle-arith-bits",
          [](Mpc mpc, In in) {
            return mpc.shuffle(in.size())->apply({in.x, in.a});
          }),
      // Comparing and choosing.
      row("less_than-64", [](Mpc mpc, In in) { return less_than(mpc, in.a, in.b); }),
      row("less_than-64-signed", [](Mpc mpc, In in) { return less_than(mpc, in.a, in.b, with); }),
      row("less_than-20",
          [](Mpc mpc, In in) { return less_than(mpc, bits(in.a, 0, 20), bits(in.b, 0, 20)); }),
      row("less_than-64-public", [](Mpc mpc, In in) { return less_than(mpc, in.a, 77); }),
      row("less_than-arith-signed",
          [](Mpc mpc, In in) { return less_than(mpc, in.x, in.y, with); }),
      row("less_than-arith-unsigned",
          [](Mpc mpc, In in) { return less_than(mpc, in.x, in.y, without); }),
      row("less_than-arith-public", [](Mpc mpc, In in) { return less_than(mpc, in.x, 77, with); }),
      row("is_negative", [](Mpc mpc, In in) { return is_negative(mpc, in.x); }),
      row("equal-64", [](Mpc mpc, In in) { return equal(mpc, in.a, in.b); }),
      row("equal-arith", [](Mpc mpc, In in) { return equal(mpc, in.x, in.y); }),
      row("is_zero-64", [](Mpc mpc, In in) { return is_zero(mpc, in.a); }),
      row("select-64", [](Mpc mpc, In in) { return select(mpc, in.flag, in.a, in.b); }),
      row("select-arith", [](Mpc mpc, In in) { return select(mpc, in.flag, in.x, in.y); }),
      row("bit_or-64", [](Mpc mpc, In in) { return bit_or(mpc, in.a, in.b); }),
      row("any-64", [](Mpc mpc, In in) { return any(mpc, in.a); }),
      row("open_any-1",
          [](Mpc mpc, In in) {
            Stream coins = toss_coins(mpc);
            return open_any(mpc, in.flag, coins);
          }),
      row("universal_hash-128-to-80",
          [](Mpc mpc, In in) {
            Stream coins = toss_coins(mpc);
            return UniversalHash(128, 80, coins)(mpc.workers(), join_bits({&in.a, &in.b}));
          }),
      row("all-64", [](Mpc mpc, In in) { return all(mpc, in.a); }),
      // Sums, products, conversions.
      row("add_bits-64", [](Mpc mpc, In in) { return add_bits(mpc, in.a, in.b); }),
      row("add_bits_with_carry-64",
          [](Mpc mpc, In in) { return add_bits_with_carry(mpc, in.a, in.b); }),
      row("subtract_bits-64", [](Mpc mpc, In in) { return subtract_bits(mpc, in.a, in.b); }),
      row("negate_bits-64", [](Mpc mpc, In in) { return negate_bits(mpc, in.a); }),
      row("find_first_one-64", [](Mpc mpc, In in) { return find_first_one(mpc, in.a); }),
      row("to_arith-12", [](Mpc mpc, In in) { return to_arith(mpc, bits(in.a, 0, 12)); }),
      row("to_arith-64", [](Mpc mpc, In in) { return to_arith(mpc, in.a); }),
      row("multiply-q16", [](Mpc mpc, In in) { return multiply(mpc, in.x, in.y, 16); }),
      row("power-5-q16", [](Mpc mpc, In in) { return power(mpc, in.x, 5, 16); }),
      row("dot-q16", [](Mpc mpc, In in) { return dot(mpc, in.x, in.y, 16); }),
      row("divide-unsigned", [](Mpc mpc, In in) { return divide(mpc, in.x, in.y, without); }),
      row("divide-signed", [](Mpc mpc, In in) { return divide(mpc, in.x, in.y, with); }),
      row("reciprocal-q16", [](Mpc mpc, In in) { return reciprocal(mpc, in.x, 16); }),
      // Over rows.
      row("prefix_or-8", [](Mpc mpc, In in) { return prefix_or(mpc, bits(in.a, 0, 8)); }),
      row("prefix_and-8", [](Mpc mpc, In in) { return prefix_and(mpc, bits(in.a, 0, 8)); }),
      row("running_max-8", [](Mpc mpc, In in) { return running_max(mpc, bits(in.a, 0, 8)); }),
      row("running_min-8", [](Mpc mpc, In in) { return running_min(mpc, bits(in.a, 0, 8), with); }),
      row("permute-arith-bits",
          [](Mpc mpc, In in) {
            return permute(mpc, in.order, {in.x, in.a});
          }),
      row("permute_back-arith", [](Mpc mpc, In in) { return permute_back(mpc, in.order, {in.x}); }),
      row("compose", [](Mpc mpc, In in) { return compose(mpc, in.order, in.order); }),
      row("stable_partition-arith-bits",
          [](Mpc mpc, In in) {
            return stable_partition(mpc, in.flag, {in.x, in.a});
          }),
      row("shuffled-arith-bits",
          [](Mpc mpc, In in) {
            return shuffled(mpc, {in.x, in.a});
          }),
      row("compact-arith-bits",
          [](Mpc mpc, In in) {
            return compact(mpc, in.flag, {in.x, in.a});
          }),
      row("radix_order-8", [](Mpc mpc, In in) { return radix_order(mpc, bits(in.a, 0, 8), 3); }),
      row("sort-3-arith",  // in one digit
          [](Mpc mpc, In in) {
            const Bits key = bits(in.a, 0, 3);
            return sort(mpc, {{{&key}}}, {in.x});
          }),
      row("min_row-64", [](Mpc mpc, In in) { return min_row(mpc, in.a); }),
      row("max_row-20-signed",
          [](Mpc mpc, In in) { return max_row(mpc, bits(in.a, 0, 20), with); }),
      // Over groups of rows.
      row("segment_starts-64", [](Mpc mpc, In in) { return segment_starts(mpc, in.a); }),
      row("group_rows-bits-sum",
          [](Mpc mpc, In in) {
            return group_rows(mpc, in.flag, {.first = {in.a}, .last = {}, .sum = {in.x}});
          }),
      row("segmented_aggregates-sum",
          [](Mpc mpc, In in) {
            return segmented_aggregates(mpc, in.flag, {.first = {}, .last = {}, .sum = {in.x}});
          }),
      row("segmented_aggregates-bits",
          [](Mpc mpc, In in) {
            return segmented_aggregates(mpc, in.flag, {.first = {in.a}, .last = {}, .sum = {}});
          }),
      row("segmented_prefix_or-1",
          [](Mpc mpc, In in) { return segmented_prefix_or(mpc, in.flag, in.flag); }),
      row("segmented_or-1-of-50",
          [](Mpc mpc, In in) { return segmented_or(mpc, in.flag, in.flag, {.longest = 50}); }),
      row("segmented_broadcast-64",
          [](Mpc mpc, In in) { return segmented_broadcast(mpc, in.flag, in.a); }),
  };
}

}  // namespace polder::testing
