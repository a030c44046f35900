#include "ops/join.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "ops/group_bounds.h"
#include "ops/group_rows.h"
#include "ops/select.h"
#include "ops/sort.h"

namespace polder {
namespace {

/// x, then so many rows of zeros.
Bits before_zeros(Protocol& mpc, const Bits& x, std::size_t rows) {
  const Bits zeros = mpc.constant(PlainBits(rows, x.width()));
  return concat({&x, &zeros});
}

Column before_zeros(Protocol& mpc, const Column& x, std::size_t rows) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return before_zeros(mpc, *bits, rows);
  const Arith zeros = mpc.constant(rows, 0);
  return concat({&std::get<Arith>(x), &zeros});
}

/// All but the first rows.
Column without_first(const Column& x, std::size_t first) {
  const std::size_t count = size(x) - first;
  if (const Bits* bits = std::get_if<Bits>(&x)) return slice(*bits, first, count);
  return slice(std::get<Arith>(x), first, count);
}

/// Left rows, then right ones, by key and of one key a valid left row first.
Sorted sort_by_key(Protocol& mpc, const KeyedRows& left, const KeyedRows& right) {
  const Bits takes = mpc.invert(before_zeros(mpc, *left.valid, right.key->size()));
  const Bits key = concat({left.key, right.key});
  return sort_key(mpc, join_bits({&takes, &key}), Bits(mpc.components(), key.size(), 0));
}

/// Makes the columns 0 in all rows but the chosen ones.
void keep_rows(Protocol& mpc, const Bits& chosen, std::span<Column> columns) {
  std::vector<Bits*> bit_columns;
  std::vector<Arith*> numbers;
  for (Column& column : columns) {
    if (Bits* bits = std::get_if<Bits>(&column))
      bit_columns.push_back(bits);
    else
      numbers.push_back(&std::get<Arith>(column));
  }
  keep_bits(mpc, chosen, bit_columns);
  if (numbers.empty()) return;
  const Arith factor = mpc.to_arith(chosen);
  const std::vector<Factor> factors(numbers.begin(), numbers.end()),
      of_each(factors.size(), Factor{&factor});
  const Arith products = mpc.mul_each(chosen.size(), factors, of_each);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    *numbers[i] = slice(products, i * chosen.size(), chosen.size());
}

void require_shapes(const KeyedRows& left, const std::vector<Column>& columns,
                    const KeyedRows& right) {
  for (const KeyedRows* side : {&left, &right}) {
    require(side->valid->size() == side->key->size() && side->valid->width() == 1,
            "join: valid is one bit for each key");
  }
  require(left.key->width() == right.key->width(), "join: keys differ in width");
  require(std::ranges::all_of(columns,
                              [&](const Column& column) {
                                return size(column) == left.key->size() &&
                                       !std::holds_alternative<Rows>(column);
                              }),
          "join: a column is not of the left rows, or of whole rows");
}

}  // namespace

Joined join(Protocol& mpc, const KeyedRows& left, std::vector<Column> columns,
            const KeyedRows& right) {
  require_shapes(left, columns, right);
  for (Column& column : columns) column = before_zeros(mpc, column, right.key->size());

  const Sorted sorted = sort_by_key(mpc, left, right);
  const Bits gives = mpc.invert(bit(sorted.keys, 0));
  const Bits starts = group_starts(mpc, bits(sorted.keys, 1, left.key->width()));
  const Arith repeated = total(mpc.to_arith(mpc.both(gives, mpc.invert(starts))));

  columns = sorted.order.apply(std::move(columns));
  columns.push_back(gives);
  columns = spread_groups(mpc, starts, {.first = std::move(columns), .last = {}, .sum = {}}).first;
  columns = sorted.order.invert(std::move(columns));

  for (Column& column : columns) column = without_first(column, left.key->size());
  Bits found = mpc.both(std::get<Bits>(columns.back()), *right.valid);
  columns.pop_back();
  keep_rows(mpc, found, columns);
  return {std::move(found), std::move(columns), repeated};
}

}  // namespace polder
