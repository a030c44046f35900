// Every operator once, on operands of any size: what is measured (costs_test.cc) and what is
// watched from a node (oblivious_test.cc). A new operator gets a row here and a line in
// tests/costs.txt. Operators whose frames depend on an opened random order (sort, nth) or on what
// they reveal (compact_open) are not here.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ops/add_bits.h"
#include "ops/any.h"
#include "ops/compact.h"
#include "ops/compare.h"
#include "ops/convert.h"
#include "ops/divide.h"
#include "ops/extreme.h"
#include "ops/group_bounds.h"
#include "ops/group_rows.h"
#include "ops/group_scan.h"
#include "ops/leading_bit.h"
#include "ops/logic.h"
#include "ops/multiply.h"
#include "ops/operator_fixture.h"
#include "ops/permute.h"
#include "ops/prefix.h"
#include "ops/radix_sort.h"
#include "ops/select.h"
#include "ops/stable_partition.h"

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

struct OperatorRow {
  std::string name;  // as in tests/costs.txt: the operator, and what it is given
  std::function<void(Protocol&, const Operands&)> run;
};

inline std::vector<OperatorRow> operator_table() {
  using Mpc = Protocol&;
  using In = const Operands&;
  constexpr Sign with = Sign::with, without = Sign::without;
  return {
      // The protocol's own.
      {"mul", [](Mpc mpc, In in) { mpc.mul(in.x, in.y); }},
      {"mul_each-2",
       [](Mpc mpc, In in) {
         mpc.mul_each(in.size(), {{&in.x}, {&in.y}}, {{&in.y}, {&in.y}});
       }},
      {"mul_sum-3",
       [](Mpc mpc, In in) {
         mpc.mul_sum(in.size(), {{&in.x}, {&in.y}, {&in.x}}, {{&in.y}, {&in.y}, {&in.x}});
       }},
      {"matmul-1-n-1",
       [](Mpc mpc, In in) {
         mpc.matmul(in.x, in.y, {1, in.size(), 1});
       }},
      {"both-64", [](Mpc mpc, In in) { mpc.both(in.a, in.b); }},
      {"both-64-flag", [](Mpc mpc, In in) { mpc.both(in.a, in.flag); }},
      {"to_arith-1", [](Mpc mpc, In in) { mpc.to_arith(in.flag); }},
      {"to_bits-64", [](Mpc mpc, In in) { mpc.to_bits(in.x); }},
      {"to_bit-31", [](Mpc mpc, In in) { mpc.to_bit(in.x, 31); }},
      {"truncate-20", [](Mpc mpc, In in) { mpc.truncate(in.x, 20); }},
      {"truncate_near-20", [](Mpc mpc, In in) { mpc.truncate_near(in.x, 20); }},
      {"mul_near-20", [](Mpc mpc, In in) { mpc.mul_near(in.x, in.y, 20); }},
      {"set_from-64", [](Mpc mpc, In in) { mpc.set_from(in.a); }},
      {"open-product-1", [](Mpc mpc, In in) { mpc.open(mpc.both(in.flag, in.flag), all_nodes); }},
      {"shuffle-arith-bits",
       [](Mpc mpc, In in) {
         mpc.shuffle(in.size())->apply({in.x, in.a});
       }},
      // Comparing and choosing.
      {"less_than-64", [](Mpc mpc, In in) { less_than(mpc, in.a, in.b); }},
      {"less_than-64-signed", [](Mpc mpc, In in) { less_than(mpc, in.a, in.b, with); }},
      {"less_than-20",
       [](Mpc mpc, In in) { less_than(mpc, bits(in.a, 0, 20), bits(in.b, 0, 20)); }},
      {"less_than-64-public", [](Mpc mpc, In in) { less_than(mpc, in.a, 77); }},
      {"less_than-arith-signed", [](Mpc mpc, In in) { less_than(mpc, in.x, in.y, with); }},
      {"less_than-arith-unsigned", [](Mpc mpc, In in) { less_than(mpc, in.x, in.y, without); }},
      {"less_than-arith-public", [](Mpc mpc, In in) { less_than(mpc, in.x, 77, with); }},
      {"is_negative", [](Mpc mpc, In in) { is_negative(mpc, in.x); }},
      {"equal-64", [](Mpc mpc, In in) { equal(mpc, in.a, in.b); }},
      {"equal-arith", [](Mpc mpc, In in) { equal(mpc, in.x, in.y); }},
      {"is_zero-64", [](Mpc mpc, In in) { is_zero(mpc, in.a); }},
      {"select-64", [](Mpc mpc, In in) { select(mpc, in.flag, in.a, in.b); }},
      {"select-arith", [](Mpc mpc, In in) { select(mpc, in.flag, in.x, in.y); }},
      {"either-64", [](Mpc mpc, In in) { either(mpc, in.a, in.b); }},
      {"any-64", [](Mpc mpc, In in) { any(mpc, in.a); }},
      {"all-64", [](Mpc mpc, In in) { all(mpc, in.a); }},
      // Sums, products, conversions.
      {"add_bits-64", [](Mpc mpc, In in) { add_bits(mpc, in.a, in.b); }},
      {"add_bits_with_carry-64", [](Mpc mpc, In in) { add_bits_with_carry(mpc, in.a, in.b); }},
      {"subtract_bits-64", [](Mpc mpc, In in) { subtract_bits(mpc, in.a, in.b); }},
      {"negate_bits-64", [](Mpc mpc, In in) { negate_bits(mpc, in.a); }},
      {"leading_bit-64", [](Mpc mpc, In in) { leading_bit(mpc, in.a); }},
      {"to_arith-12", [](Mpc mpc, In in) { to_arith(mpc, bits(in.a, 0, 12)); }},
      {"to_arith-64", [](Mpc mpc, In in) { to_arith(mpc, in.a); }},
      {"multiply-q16", [](Mpc mpc, In in) { multiply(mpc, in.x, in.y, 16); }},
      {"power-5-q16", [](Mpc mpc, In in) { power(mpc, in.x, 5, 16); }},
      {"dot-q16", [](Mpc mpc, In in) { dot(mpc, in.x, in.y, 16); }},
      {"divide-unsigned", [](Mpc mpc, In in) { divide(mpc, in.x, in.y, without); }},
      {"divide-signed", [](Mpc mpc, In in) { divide(mpc, in.x, in.y, with); }},
      {"reciprocal-q16", [](Mpc mpc, In in) { reciprocal(mpc, in.x, 16); }},
      // Over rows.
      {"prefix_or-8", [](Mpc mpc, In in) { prefix_or(mpc, bits(in.a, 0, 8)); }},
      {"prefix_and-8", [](Mpc mpc, In in) { prefix_and(mpc, bits(in.a, 0, 8)); }},
      {"running_max-8", [](Mpc mpc, In in) { running_max(mpc, bits(in.a, 0, 8)); }},
      {"running_min-8", [](Mpc mpc, In in) { running_min(mpc, bits(in.a, 0, 8), with); }},
      {"permute-arith-bits",
       [](Mpc mpc, In in) {
         permute(mpc, in.order, {in.x, in.a});
       }},
      {"permute_back-arith", [](Mpc mpc, In in) { permute_back(mpc, in.order, {in.x}); }},
      {"compose", [](Mpc mpc, In in) { compose(mpc, in.order, in.order); }},
      {"stable_partition-arith-bits",
       [](Mpc mpc, In in) {
         stable_partition(mpc, in.flag, {in.x, in.a});
       }},
      {"shuffled-arith-bits",
       [](Mpc mpc, In in) {
         shuffled(mpc, {in.x, in.a});
       }},
      {"compact-arith-bits",
       [](Mpc mpc, In in) {
         compact(mpc, in.flag, {in.x, in.a});
       }},
      {"radix_order-8", [](Mpc mpc, In in) { radix_order(mpc, bits(in.a, 0, 8)); }},
      {"radix_sort-3-arith", [](Mpc mpc, In in) { radix_sort(mpc, bits(in.a, 0, 3), {in.x}); }},
      {"least-64", [](Mpc mpc, In in) { least(mpc, in.a); }},
      {"greatest-20-signed", [](Mpc mpc, In in) { greatest(mpc, bits(in.a, 0, 20), with); }},
      // Over groups of rows.
      {"group_starts-64", [](Mpc mpc, In in) { group_starts(mpc, in.a); }},
      {"group_rows-bits-sum",
       [](Mpc mpc, In in) {
         group_rows(mpc, in.flag, {.first = {in.a}, .last = {}, .sum = {in.x}});
       }},
      {"spread_groups-sum",
       [](Mpc mpc, In in) {
         spread_groups(mpc, in.flag, {.first = {}, .last = {}, .sum = {in.x}});
       }},
      {"spread_groups-bits",
       [](Mpc mpc, In in) {
         spread_groups(mpc, in.flag, {.first = {in.a}, .last = {}, .sum = {}});
       }},
      {"any_so_far-1", [](Mpc mpc, In in) { any_so_far(mpc, in.flag, in.flag); }},
      {"any_in_group-1-of-50",
       [](Mpc mpc, In in) { any_in_group(mpc, in.flag, in.flag, {.longest = 50}); }},
      {"copy_first-64", [](Mpc mpc, In in) { copy_first(mpc, in.flag, in.a); }},
  };
}

}  // namespace polder::testing
