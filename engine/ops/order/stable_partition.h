// Rows in order of one short digit, all else in the old order: the step of a radix sort, and how
// rows are set aside. Source: Asharov et al., "Efficient Secure Three-Party Sorting with
// Applications to Data Analysis and Heavy Hitters", CCS 2022, section 3.
#pragma once

#include "ops/order/permute.h"

namespace polder {

/// Where each row goes when rows are put in order of `digit`, ties in their old order.
/// digit [n] of d -> [n].  d + 2 rounds; 2^d * 8 B and 2^d - 2 bits a row.  Reveals nothing.
Arith destinations(Protocol& mpc, const Bits& digit);

struct ChosenFirst {
  Arith to;                      // [n]: where each row goes when the chosen ones come first
  std::vector<Arith> of_chosen;  // [n] each: the given values, 0 in rows that are not chosen
};
/// Destinations by one flag that is a number already, 1 first, each side in its old order, with
/// products that want the same round.  chosen [n] of 0 and 1, values [n] each.  1 round, 8 B a row,
/// 8 B a row and value.  Reveals nothing.
ChosenFirst chosen_first(Protocol& mpc, const Arith& chosen, std::vector<Arith> values = {});

/// Rows with flag 0 first, then rows with flag 1, each in their old order.  flag [n] of 1, columns
/// [n] each.  7 rounds; 40 B a row, 2 words a row and word.  Reveals nothing (the nodes see a
/// random permutation).
std::vector<Column> stable_partition(Protocol& mpc, const Bits& flag, std::vector<Column> columns);

}  // namespace polder
