// Sorting columns by one or several keys. Always stable.  All throw Error bad_schema for a key of
// no bits.
#pragma once

#include <span>
#include <vector>

#include "ops/compare/sign.h"
#include "ops/order/row_order.h"

namespace polder {

enum class Direction { ascending, descending };

struct SortKey {
  const Bits* key;  // [n] of any width
  Direction direction = Direction::ascending;
  Sign sign = Sign::without;
};

/// Sorts rows by the first key, ties by the second …, ties of all by their old place. `carried`
/// moves along in the words of the keys (cheaper than another column of apply); it may be null.
/// Digit by digit or by comparisons, whichever costs less: sort_choice.h.  Reveals nothing (the
/// nodes see random permutations).
Sorted sort_keys(Protocol& mpc, std::span<const SortKey> keys, const Bits* carried = nullptr);

/// The same by one unsigned key, ascending. Key and carried are gone as soon as they are in rows,
/// so that a sort of many rows takes less memory.  key, carried [n] of any width.
Sorted sort_key(Protocol& mpc, Bits key, Bits carried);

/// The same for whole columns.  [n] each -> [n] each, sorted.
std::vector<Column> sort(Protocol& mpc, std::span<const SortKey> keys, std::vector<Column> columns);

}  // namespace polder
