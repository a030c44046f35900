// All parties' rows in one table, sorted by identifier: equal identifiers are neighbours, each
// party at most once among them.
#pragma once

#include <vector>

#include "match/match.h"
#include "ops/order/sort.h"

namespace polder {

struct SortedUnion {
  RowOrder order;  // from the parties' tables one after the other into this order
  Bits same;    // [N] of one bit: this row's identifier is that of the row before; row 0 has none
                // before
  Bits flag;    // [N] of one bit
  Bits marked;  // [N] of one bit: of a marked party; empty if no marks were asked for
  std::size_t longest_group;  // no identifier has more rows: the number of parties
};

/// One sort of N rows, of identifiers that coins have hashed to identifier_bits(N).  `marks`: one a
/// party, or none.  Reveals that no party's table holds an identifier twice, else throws Error
/// bad_input.
SortedUnion sorted_union(Protocol& mpc, std::vector<MatchParty> parties,
                         const std::vector<bool>& marks);

}  // namespace polder
