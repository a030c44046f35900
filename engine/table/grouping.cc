#include "table/grouping.h"

#include "base/error.h"
#include "ops/compare/compare.h"
#include "ops/compare/select.h"
#include "ops/group_extreme.h"
#include "ops/groups/group_rows.h"
#include "ops/groups/segment_bounds.h"
#include "ops/order/min_max.h"
#include "ops/order/sort.h"

namespace polder {
namespace {

Sign sign_of(const Type& type) { return type.is_signed() ? Sign::with : Sign::without; }

/// Rows whose value counts, of every column that is asked about, as one bit and as a number.
struct Presence {
  Bits bit;
  Arith number;
};

class Presences {
 public:
  Presences(Protocol& mpc, const std::optional<Bits>& valid, std::size_t n)
      : mpc_(mpc), valid_(valid), n_(n) {}

  /// Of no column: valid rows.
  const Presence& of(const Series* column) {
    if (column != nullptr && column->null() == nullptr) column = nullptr;
    const auto found = known_.find(column);
    if (found != known_.end()) return found->second;
    const std::optional<Bits> is_there =
        column == nullptr ? valid_ : present(mpc_, valid_, *column);
    Bits bit = bits_or_all(mpc_, is_there, n_);
    Arith number = is_there ? mpc_.to_arith(bit) : mpc_.constant(n_, 1);
    return known_.emplace(column, Presence{std::move(bit), std::move(number)}).first->second;
  }

  /// Nothing is missing and every row is valid.
  bool all(const Series* column) const {
    return !valid_ && (column == nullptr || column->null() == nullptr);
  }

 private:
  Protocol& mpc_;
  const std::optional<Bits>& valid_;
  std::size_t n_;
  std::map<const Series*, Presence> known_;
};

bool is_extreme(Statistic statistic) {
  return statistic == Statistic::least || statistic == Statistic::greatest;
}

/// A number for each row that adds up to the answer.
Arith additive_share(Protocol& mpc, const GroupQuery& query, Presences& present) {
  if (query.statistic != Statistic::sum) return present.of(query.column).number;
  const Arith& number = query.column->number(mpc);
  if (present.all(query.column)) return number;
  return mpc.mul(number, present.of(query.column).number);
}

/// Bits of which the greatest is the one that answers: those of the value, turned over if the least
/// is wanted, and 0 where there is none. Their unsigned order is the values'.
Bits contender(Protocol& mpc, const GroupQuery& query, Presences& present) {
  const Type& type = query.column->type();
  Bits bits = unsigned_order(mpc, query.column->bits(mpc), sign_of(type));
  if (query.statistic == Statistic::least) bits = mpc.bit_not(bits);
  if (present.all(query.column)) return bits;
  return mpc.bit_and(bits, present.of(query.column).bit);
}

/// Back from contender's form.
Bits winner(Protocol& mpc, const GroupQuery& query, Bits bits) {
  if (query.statistic == Statistic::least) bits = mpc.bit_not(bits);
  return unsigned_order(mpc, bits, sign_of(query.column->type()));
}

}  // namespace

Bits joined_keys(Protocol& mpc, std::span<const SeriesPointer> columns) {
  std::vector<Bits> parts;
  for (const SeriesPointer& column : columns)
    parts.push_back(unsigned_order(mpc, column->bits(mpc), sign_of(column->type())));
  std::vector<const Bits*> from_lowest;
  for (const Bits& part : parts) from_lowest.insert(from_lowest.begin(), &part);
  return join_bits(from_lowest);
}

std::vector<Bits> keys_apart(Protocol& mpc, const Bits& keys, const std::vector<Type>& types) {
  std::vector<Bits> parts(types.size());
  int first = 0;
  for (std::size_t i = types.size(); i-- > 0;) {
    parts[i] = unsigned_order(mpc, bits(keys, first, types[i].width()), sign_of(types[i]));
    first += types[i].width();
  }
  return parts;
}

Grouping group_rows_by(Protocol& mpc, const Frame& frame, const Names& by) {
  std::vector<SeriesPointer> columns;
  std::optional<Bits> in_group = frame.valid;
  for (const std::string& name : by) {
    columns.push_back(frame.at(name));
    in_group = present(mpc, in_group, *columns.back());
  }
  const Bits key = joined_keys(mpc, columns);
  const Bits outside = in_group ? mpc.bit_not(*in_group) : mpc.constant(frame.rows, 1, 0);
  Sorted sorted = sort_key(mpc, join_bits({&key, &outside}), Bits(mpc.components(), frame.rows, 0));
  Bits segment_flags = segment_starts(mpc, sorted.keys);
  return {std::move(sorted.order), std::move(segment_flags), std::move(sorted.keys)};
}

Groups ask_groups(Protocol& mpc, const Grouping& grouping, const std::optional<Bits>& valid,
                  const std::vector<GroupQuery>& queries, std::size_t most) {
  const std::size_t n = grouping.order.size();
  Presences present(mpc, valid, n);
  std::vector<Column> columns;
  for (const GroupQuery& query : queries) {
    if (is_extreme(query.statistic))
      columns.push_back(contender(mpc, query, present));
    else
      columns.push_back(additive_share(mpc, query, present));
  }
  columns = grouping.order.apply(std::move(columns));

  GroupColumns wanted;
  wanted.last.push_back(grouping.keys);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (is_extreme(queries[i].statistic)) {
      wanted.last.push_back(
          greatest_so_far(mpc, grouping.segment_flags, std::get<Bits>(std::move(columns[i]))));
    } else {
      wanted.sum.push_back(std::get<Arith>(std::move(columns[i])));
    }
  }
  GroupRows rows = group_rows(mpc, grouping.segment_flags, std::move(wanted));

  const std::size_t count = std::min(n, most);
  Bits keys = slice(std::get<Bits>(rows.columns.last[0]), 0, count);
  // Rows outside of all groups have made groups of their own.
  const Bits inside = mpc.bit_not(bit(keys, keys.width() - 1));
  Groups groups{count, mpc.bit_and(slice(rows.valid, 0, count), inside), std::move(keys), {}};
  std::size_t sum = 0, last = 1;
  for (const GroupQuery& query : queries) {
    if (is_extreme(query.statistic)) {
      const Bits found = slice(std::get<Bits>(rows.columns.last[last++]), 0, count);
      groups.answers[query] = winner(mpc, query, found);
    } else {
      groups.answers[query] = slice(rows.columns.sum[sum++], 0, count);
    }
  }
  return groups;
}

StatisticAnswers ask_column(Protocol& mpc, const std::optional<Bits>& valid, std::size_t n,
                            const std::vector<GroupQuery>& queries) {
  Presences present(mpc, valid, n);
  StatisticAnswers answers;
  for (const GroupQuery& query : queries) {
    if (!is_extreme(query.statistic)) {
      answers[query] = total(additive_share(mpc, query, present));
    } else if (n == 0) {
      answers[query] = mpc.constant(1, query.column->type().width(), 0);
    } else {
      const Bits found = max_row(mpc, contender(mpc, query, present)).value;
      answers[query] = winner(mpc, query, found);
    }
  }
  return answers;
}

}  // namespace polder
