// A secret order of rows that can be used again and again, there and back.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "protocol/protocol.h"

namespace polder {

/// A shuffle nobody knows, then a public permutation of the shuffled rows.
class RowOrder {
 public:
  /// Row i of the order is row picked[i] of the shuffled rows.  Reveals nothing.
  RowOrder(Protocol& mpc, std::unique_ptr<Shuffle> shuffle, Indices picked)
      : mpc_(mpc), shuffle_(std::move(shuffle)), picked_(std::move(picked)) {}

  std::size_t size() const { return picked_.size(); }

  /// Brings columns into this order.  [n] each -> [n] each.  3 rounds, 2 words a row and word.
  /// Reveals nothing.
  std::vector<Column> apply(std::vector<Column> columns) const;
  /// Takes them back to where they were.  3 rounds, 2 words a row and word.  Reveals nothing.
  std::vector<Column> invert(std::vector<Column> columns) const;

 private:
  Protocol& mpc_;
  std::unique_ptr<Shuffle> shuffle_;
  Indices picked_;
};

/// What a sort gives.
struct Sorted {
  RowOrder order;
  Bits keys;     // [n], sorted: all keys side by side, the last key lowest, as compared
  Bits carried;  // [n] of what moved along with them, in the same order
};

}  // namespace polder
