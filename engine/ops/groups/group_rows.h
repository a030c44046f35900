// Values of groups, of rows sorted by key, in constant rounds: one row a group, or in every row of
// the group. A group's end row carries what lets a subtraction from its neighbour give the value:
// the sum of all later rows, or the row that follows. No tree over the rows is needed.
#pragma once

#include <vector>

#include "protocol/protocol.h"

namespace polder {

/// What is wanted of each group, given as columns of the rows, answered as columns of the groups.
/// A count is the sum of ones. Least and greatest values are first and last of rows sorted by key
/// and then by value.
struct GroupColumns {
  std::vector<Column> first;  // in the group's first row; Arith or Bits
  std::vector<Column> last;   // in its last row; Arith or Bits
  std::vector<Arith> sum;     // over its rows
};

struct GroupRows {
  GroupColumns columns;  // [n] each: groups first, in their old order
  Bits valid;  // [n] of 1: this row is a group; in all others sums are 0, the rest arbitrary
};

/// One row a group.  segment_flags [n] of 1 (segment_bounds.h), columns [n] each.  7 rounds; 40 B a
/// row, 24 B a row and sum, 2 words a row and word else.  Reveals nothing (the nodes see a random
/// permutation).
GroupRows group_rows(Protocol& mpc, const Bits& segment_flags, GroupColumns columns);

/// Each row gets the values of its group.  segment_flags [n] of 1, columns [n] each -> [n] each. 10
/// rounds (11 with Bits); 40 B a row, 40 B a row and Arith, 4 words and w bits else.  Reveals
/// nothing (the nodes see a random permutation).
GroupColumns segmented_aggregates(Protocol& mpc, const Bits& segment_flags, GroupColumns columns);

}  // namespace polder
