// Rows of a frame sorted by key once, and what is asked of the groups. How many groups there are
// stays secret.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ops/order/row_order.h"
#include "plan/shape.h"
#include "table/answer.h"

namespace polder {

/// What can be asked of the values in a group, or in a whole column.
enum class Statistic { rows, count, sum, least, greatest };

/// One question: of a column (null for `rows`). Their order says nothing (it is that of addresses),
/// so nothing may be done in it: it would differ from party to party.
struct GroupQuery {
  const Series* column;
  Statistic statistic;
  friend auto operator<=>(const GroupQuery&, const GroupQuery&) = default;
};

/// The answers, a row a group (or one row in all): numbers; least and greatest as bits.
using StatisticAnswers = std::map<GroupQuery, Column>;

struct Grouping {
  RowOrder order;
  Bits segment_flags;  // [n] of 1, in that order
  Bits keys;  // [n]: all keys side by side, the last one lowest; the top bit is set for rows that
              // are in no group: invalid ones, and those whose key is missing
};

/// A sort by the keys' bits and one more.  Reveals nothing.
Grouping group_rows_by(Protocol& mpc, const Frame& frame, const Names& by);

/// A row a group, in the order of the keys, groups first; the answers have at most `most` rows.
struct Groups {
  std::size_t rows;
  Bits valid;                // [rows] of 1
  Bits keys;                 // as Grouping::keys
  StatisticAnswers answers;  // [rows] each
};

/// All questions at once: columns move into the grouping's order together, and groups' rows out of
/// it together (ops/groups/group_rows.h).  Reveals nothing.
Groups ask_groups(Protocol& mpc, const Grouping& grouping, const std::optional<Bits>& valid,
                  const std::vector<GroupQuery>& queries, std::size_t most);

/// The same of all valid rows as one group.  [1] each.  Reveals nothing.
StatisticAnswers ask_column(Protocol& mpc, const std::optional<Bits>& valid, std::size_t n,
                            const std::vector<GroupQuery>& queries);

/// Bits of several columns side by side, the last one lowest, so that their unsigned order is the
/// order of the columns one after the other.  No rounds, but for what makes the bits.
Bits joined_keys(Protocol& mpc, std::span<const SeriesPointer> columns);
/// Takes them apart: the bits of each.
std::vector<Bits> keys_apart(Protocol& mpc, const Bits& keys, const std::vector<Type>& types);

}  // namespace polder
