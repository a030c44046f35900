// Sorting columns by one or several keys. Always stable.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "protocol/protocol.h"

namespace polder {

enum class Direction { ascending, descending };
enum class Sign { without, with };  // unsigned numbers, or two's complement

struct SortKey {
  const Bits* key;  // [n] of any width
  Direction direction = Direction::ascending;
  Sign sign = Sign::without;
};

/// A secret order of rows: a shuffle nobody knows, then a public permutation of the shuffled rows.
class RowOrder {
 public:
  RowOrder(std::unique_ptr<Shuffle> shuffle, Indices picked)
      : shuffle_(std::move(shuffle)), picked_(std::move(picked)) {}

  /// Brings columns into this order.  [n] each -> [n] each.  3 rounds.  Reveals nothing.
  std::vector<Column> apply(std::vector<Column> columns) const;
  /// Takes them back to where they were.  3 rounds.  Reveals nothing.
  std::vector<Column> invert(std::vector<Column> columns) const;

 private:
  std::unique_ptr<Shuffle> shuffle_;
  Indices picked_;  // row i of the order is row picked_[i] of the shuffled rows
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

/// The same for whole columns.  [n] each -> [n] each, sorted.
std::vector<Column> sort(Protocol& mpc, std::span<const SortKey> keys, std::vector<Column> columns);

}  // namespace polder
