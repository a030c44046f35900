#include "ops/groups/join.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "ops/groups/group_rows.h"
#include "ops/groups/segment_bounds.h"
#include "ops/groups/segmented_scan.h"
#include "ops/order/sort.h"

namespace polder {
namespace {

/// So many rows of zeros behind x.
Bits before_zeros(Protocol& mpc, const Bits& x, std::size_t rows) {
  const Bits zeros = mpc.constant(PlainBits(rows, x.width()));
  return concat({&x, &zeros});
}

Column before_zeros(Protocol& mpc, const Column& x, std::size_t rows) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return before_zeros(mpc, *bits, rows);
  const Arith zeros = mpc.constant(rows, 0);
  return concat({&std::get<Arith>(x), &zeros});
}

template <typename ColumnType>
ColumnType without_first(const ColumnType& x, std::size_t rows) {
  return slice(x, rows, x.size() - rows);
}

/// Columns by kind: all bits side by side, and numbers.
struct Kinds {
  Bits bits;
  std::vector<Column> numbers;
};

/// With `lowest` below the bits. Of the columns only their kinds and widths stay.
Kinds by_kind(const Bits& lowest, std::vector<Column>& columns) {
  std::vector<const Bits*> parts{&lowest};
  Kinds kinds;
  for (Column& column : columns) {
    if (const Bits* part = std::get_if<Bits>(&column))
      parts.push_back(part);
    else
      kinds.numbers.push_back(std::exchange(column, Arith()));
  }
  kinds.bits = join_bits(parts);
  for (Column& column : columns) {
    if (const Bits* part = std::get_if<Bits>(&column))
      column = Bits(part->components(), 0, part->width());
  }
  return kinds;
}

/// Takes it back.
void put_back(Kinds kinds, std::vector<Column>& columns) {
  int first = 0;
  auto number = kinds.numbers.begin();
  for (Column& column : columns) {
    if (Bits* part = std::get_if<Bits>(&column)) {
      const int width = part->width();
      *part = bits(kinds.bits, std::exchange(first, first + width), width);
    } else {
      column = std::move(*number++);
    }
  }
}

/// Makes numbers 0 in all rows but the chosen ones.
void keep_rows(Protocol& mpc, const Bits& chosen, std::vector<Column>& numbers) {
  if (numbers.empty()) return;
  const std::size_t n = chosen.size();
  const Arith flag = mpc.to_arith(chosen);
  std::vector<Factor> factors;
  for (const Column& column : numbers) factors.push_back({&std::get<Arith>(column)});
  const std::vector<Factor> flags(factors.size(), Factor{&flag});
  const Arith products = mpc.mul_each(n, factors, flags);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = slice(products, i * n, n);
}

/// Left rows, then right ones, by key, and of one key a valid left row first: the others have the
/// lowest bit of the sorted keys set.
Sorted sort_by_key(Protocol& mpc, const KeyedRows& left, const KeyedRows& right) {
  const Bits others = mpc.bit_not(before_zeros(mpc, *left.valid, right.key->size()));
  const Bits key = concat({left.key, right.key});
  return sort_key(mpc, join_bits({&others, &key}), Bits(mpc.components(), key.size(), 0));
}

/// Every row gets what the first of its group has.
void segmented_broadcast(Protocol& mpc, const Bits& segment_flags, Kinds& rows) {
  rows.bits = segmented_broadcast(mpc, segment_flags, rows.bits);
  if (rows.numbers.empty()) return;
  rows.numbers = segmented_aggregates(mpc, segment_flags, {std::move(rows.numbers), {}, {}}).first;
}

/// From the sorted order to that of the right rows.
Kinds right_rows(const RowOrder& order, Kinds rows, std::size_t left_rows) {
  std::vector<Column> columns = std::move(rows.numbers);
  columns.push_back(std::move(rows.bits));
  columns = order.invert(std::move(columns));
  rows.bits = without_first(std::get<Bits>(columns.back()), left_rows);
  columns.pop_back();
  for (Column& column : columns) column = without_first(std::get<Arith>(column), left_rows);
  rows.numbers = std::move(columns);
  return rows;
}

void require_shapes(const KeyedRows& left, const std::vector<Column>& columns,
                    const KeyedRows& right) {
  for (const KeyedRows* side : {&left, &right}) {
    require(side->valid->size() == side->key->size() && side->valid->width() == 1,
            "join: valid is one bit for each key");
  }
  require(left.key->width() == right.key->width(), "join: keys differ in width");
  const auto fits = [&](const Column& column) {
    return size(column) == left.key->size() && !std::holds_alternative<Rows>(column);
  };
  require(std::ranges::all_of(columns, fits),
          "join: a column is not of the left rows, or of whole rows");
}

}  // namespace

Joined join(Protocol& mpc, const KeyedRows& left, std::vector<Column> columns,
            const KeyedRows& right) {
  require_shapes(left, columns, right);
  Sorted sorted = sort_by_key(mpc, left, right);
  const Bits answers = mpc.bit_not(bit(sorted.keys, 0));
  const Bits segment_flags = segment_starts(mpc, bits(sorted.keys, 1, left.key->width()));
  sorted.keys = Bits();
  Arith repeated = total(mpc.to_arith(mpc.bit_and(answers, mpc.bit_not(segment_flags))));

  for (Column& column : columns) column = before_zeros(mpc, column, right.key->size());
  columns = sorted.order.apply(std::move(columns));
  Kinds rows = by_kind(answers, columns);
  segmented_broadcast(mpc, segment_flags, rows);
  rows = right_rows(sorted.order, std::move(rows), left.key->size());

  Bits found = mpc.bit_and(bit(rows.bits, 0), *right.valid);
  rows.bits = mpc.bit_and(bits(rows.bits, 1, rows.bits.width() - 1), found);
  keep_rows(mpc, found, rows.numbers);
  put_back(std::move(rows), columns);
  return {std::move(found), std::move(columns), std::move(repeated)};
}

}  // namespace polder
