// Columns on their way to other places: all Bits lie side by side in whole rows, so that a row of
// several narrow columns travels as one word and is fetched once.
#pragma once

#include <span>
#include <vector>

#include "protocol/protocol.h"

namespace polder {

class MovingRows {
 public:
  /// Columns of one length and at least one bit.
  MovingRows(Workers& workers, std::vector<Column> columns);

  /// Into the shuffle's order, or back.  3 rounds, 2 words a row and word.
  void apply(Shuffle& shuffle);
  void invert(Shuffle& shuffle);
  /// Row i becomes row from[i].
  void pick(std::span<const std::uint32_t> from);

  /// The last column, which then stays behind.
  Column take_last();
  /// All columns, each of the kind it was given in.
  std::vector<Column> take() &&;

 private:
  /// Where a column is: a moved column of its own, or `width` bits of the joined rows.
  struct Place {
    std::size_t column;
    int first_bit, width;
  };

  Workers& workers_;
  std::vector<Place> places_;
  std::vector<Column> moved_;  // the joined rows first, if there are Bits
};

}  // namespace polder
