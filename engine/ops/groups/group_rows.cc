#include "ops/groups/group_rows.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "ops/groups/segment_bounds.h"
#include "ops/order/stable_partition.h"

namespace polder {
namespace {

/// Row i becomes the sum of rows i + 1, i + 2 …
Arith sum_of_later(const Arith& x) {
  Arith sums(x.components(), x.size());
  for (int c = 0; c < x.components(); ++c) {
    std::uint64_t running = 0;
    for (std::size_t i = x.size(); i-- > 0; running += x.component(c)[i])
      sums.component(c)[i] = running;
  }
  return sums;
}

/// Bit i becomes the exclusive or of bits i, i + 1 … of a word.
std::uint64_t from_here_up(std::uint64_t word) {
  for (int distance = 1; distance < 64; distance *= 2) word ^= word >> distance;
  return word;
}

// Sums from each row to the end.
Arith sum_from(const Arith& x) { return x + sum_of_later(x); }

Bits sum_from(const Bits& x) {
  Bits sums = clear_tail(x);
  for (int c = 0; c < sums.components(); ++c) {
    for (int i = 0; i < sums.width(); ++i) {
      std::uint64_t later = 0;  // all bits set if the later rows' sum is 1
      for (std::size_t b = sums.shape().blocks(); b-- > 0;) {
        const std::span<std::uint64_t> plane = sums.plane(c, b, i);
        for (std::size_t k = plane.size(); k-- > 0;) {
          plane[k] = from_here_up(plane[k]) ^ later;
          later = -(plane[k] & 1);
        }
      }
    }
  }
  return sums;
}

// What the next row has more.
Arith less_next(const Arith& x) { return x - shift_rows(x, -1); }
Bits less_next(const Bits& x) { return x ^ shift_rows(x, -1); }

/// One row, then all but the last of x.
template <typename ColumnType>
ColumnType behind(const ColumnType& first, const ColumnType& x) {
  const ColumnType rest = slice(x, 0, x.size() - 1);
  return concat({&first, &rest});
}

Column less_next(const Column& x) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return less_next(*bits);
  return less_next(std::get<Arith>(x));
}

Column sum_from(const Column& x) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return sum_from(*bits);
  return sum_from(std::get<Arith>(x));
}

Column row_first(const Column& x) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return slice(*bits, 0, 1);
  return slice(std::get<Arith>(x), 0, 1);
}

Column row_after(const Column& x) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return shift_rows(*bits, -1);
  return shift_rows(std::get<Arith>(x), -1);
}

Column behind(const Column& first, const Column& x) {
  if (const Bits* bits = std::get_if<Bits>(&x)) return behind(std::get<Bits>(first), *bits);
  return behind(std::get<Arith>(first), std::get<Arith>(x));
}

/// What rows carry so that end rows side by side give the values of groups.
GroupColumns carried(GroupColumns wanted) {
  for (Column& column : wanted.first) column = row_after(column);
  for (Arith& column : wanted.sum) column = sum_of_later(column);
  return wanted;
}

/// [1] each: what the end row of a group before all others would carry.
GroupColumns before_all(const GroupColumns& wanted) {
  GroupColumns before;
  for (const Column& column : wanted.first) before.first.push_back(row_first(column));
  for (const Arith& column : wanted.sum) before.sum.push_back(total(column));
  return before;
}

/// The values of groups, from what their end rows carry, in the order of the groups.
GroupColumns values(const GroupColumns& before, GroupColumns ends) {
  for (std::size_t i = 0; i < ends.first.size(); ++i)
    ends.first[i] = behind(before.first[i], ends.first[i]);
  for (std::size_t i = 0; i < ends.sum.size(); ++i)
    ends.sum[i] = behind(before.sum[i], ends.sum[i]) - ends.sum[i];
  return ends;
}

/// All columns in a row, first, last, sum; and back.
std::vector<Column> in_a_row(GroupColumns columns) {
  std::vector<Column> all = std::move(columns.first);
  for (Column& column : columns.last) all.push_back(std::move(column));
  for (Arith& column : columns.sum) all.push_back(std::move(column));
  return all;
}

struct Counts {
  std::size_t first, last, sum;
  explicit Counts(const GroupColumns& columns)
      : first(columns.first.size()), last(columns.last.size()), sum(columns.sum.size()) {}
};

GroupColumns told_apart(std::vector<Column> all, const Counts& counts) {
  GroupColumns columns;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < counts.first)
      columns.first.push_back(std::move(all[i]));
    else if (i < counts.first + counts.last)
      columns.last.push_back(std::move(all[i]));
    else
      columns.sum.push_back(std::get<Arith>(std::move(all[i])));
  }
  return columns;
}

/// Makes all bits 0 but those of `rows`.  1 round.
void keep_bits(Protocol& mpc, const Bits& rows, std::span<Bits* const> columns) {
  const std::vector<const Bits*> parts(columns.begin(), columns.end());
  const Bits kept = mpc.bit_and(join_bits(parts), rows);
  int first = 0;
  for (Bits* column : columns) {
    const int width = column->width();
    *column = bits(kept, first, width);
    first += width;
  }
}

/// Where rows go when end rows come first. Makes the columns 0 in all rows but the end rows.
Arith keep_ends(Protocol& mpc, const Bits& ends, std::span<Column> columns) {
  std::vector<Bits*> bit_columns;
  std::vector<Arith> numbers;
  for (Column& column : columns) {
    if (Bits* bits = std::get_if<Bits>(&column))
      bit_columns.push_back(bits);
    else
      numbers.push_back(std::get<Arith>(std::exchange(column, Arith())));
  }
  if (!bit_columns.empty()) keep_bits(mpc, ends, bit_columns);
  ChosenFirst rows = chosen_first(mpc, mpc.to_arith(ends), std::move(numbers));
  auto next = rows.of_chosen.begin();
  for (Column& column : columns) {
    if (std::holds_alternative<Arith>(column)) column = std::move(*next++);
  }
  return std::move(rows.to);
}

void require_shapes(const Bits& segment_flags, const GroupColumns& columns) {
  require(segment_flags.width() == 1, "groups: segment flags are one bit a row");
  const auto fits = [&](const Column& column) {
    return size(column) == segment_flags.size() && !std::holds_alternative<Rows>(column);
  };
  require(std::ranges::all_of(columns.first, fits) && std::ranges::all_of(columns.last, fits) &&
              std::ranges::all_of(columns.sum, [&](const Arith& x) { return fits(x); }),
          "groups: a column is of another length, or of whole rows");
}

}  // namespace

GroupRows group_rows(Protocol& mpc, const Bits& segment_flags, GroupColumns columns) {
  require_shapes(segment_flags, columns);
  if (segment_flags.size() == 0) return {std::move(columns), segment_flags};
  const Counts counts(columns);
  const GroupColumns before = before_all(columns);
  const Bits ends = segment_ends(mpc, segment_flags);

  std::vector<Column> rows = in_a_row(carried(std::move(columns)));
  Arith to = keep_ends(mpc, ends, std::span(rows).subspan(counts.first + counts.last));
  rows.push_back(ends);
  rows = permute(mpc, std::move(to), std::move(rows));

  Bits valid = std::get<Bits>(std::move(rows.back()));
  rows.pop_back();
  return {values(before, told_apart(std::move(rows), counts)), std::move(valid)};
}

GroupColumns segmented_aggregates(Protocol& mpc, const Bits& segment_flags, GroupColumns columns) {
  require_shapes(segment_flags, columns);
  if (segment_flags.size() == 0) return columns;
  const Counts counts(columns);
  const GroupColumns before = before_all(columns);

  std::vector<Column> rows = in_a_row(carried(std::move(columns)));
  Arith to = keep_ends(mpc, segment_ends(mpc, segment_flags), rows);
  Permuted groups = permuted(mpc, std::move(to), std::move(rows));

  // Behind the groups all values are 0. So the differences between a group and the next, put back
  // into the end rows, add up to the group's value from each of its rows to the last row of all.
  rows = in_a_row(values(before, told_apart(std::move(groups.columns), counts)));
  for (Column& column : rows) column = less_next(column);
  rows = groups.order.invert(std::move(rows));
  for (Column& column : rows) column = sum_from(column);
  return told_apart(std::move(rows), counts);
}

}  // namespace polder
