// Sorting columns by one or several keys. Always stable.
#pragma once

#include <span>
#include <vector>

#include "ops/row_order.h"
#include "ops/sign.h"

namespace polder {

enum class Direction { ascending, descending };

struct SortKey {
  const Bits* key;  // [n] of any width
  Direction direction = Direction::ascending;
  Sign sign = Sign::without;
};

struct Sorted {
  RowOrder order;
  Bits keys;  // [n], sorted: all keys side by side, the last key lowest, as compared (see SortKey)
  Bits carried;  // [n] of `carried`, in the same order
};

/// Sorts rows by the first key, ties by the second …, ties of all by their old place. `carried`
/// moves along in the words of the keys (cheaper than another column of apply); it may be null.
/// About log2 n + 1 comparisons a row of (key bits + log2 n) bits.  Reveals nothing (the nodes see
/// a random permutation).
Sorted sort_keys(Protocol& mpc, std::span<const SortKey> keys, const Bits* carried = nullptr);

/// The same by one unsigned key, ascending. Key and carried are gone as soon as they are in rows,
/// so that a sort of many rows takes less memory.  key, carried [n] of any width.
Sorted sort_key(Protocol& mpc, Bits key, Bits carried);

/// The same for whole columns.  [n] each -> [n] each, sorted.
std::vector<Column> sort(Protocol& mpc, std::span<const SortKey> keys, std::vector<Column> columns);

}  // namespace polder
