// The keys of two tables in one form, so that equal values have equal bits.
#pragma once

#include <array>

#include "table/answer.h"

namespace polder {

/// Values of both types can be compared bit by bit, once they have one width.
bool keys_match(const Type& left, const Type& right);

/// Of more bits, of the same value: signed or not as the type is, text with zeros at its end.
/// -> [n] of `width`.  Rounds only of what makes the bits.  Reveals nothing.
Bits widened(Protocol& mpc, const Series& series, int width);

struct KeySide {
  Bits key;    // [rows] of the same width on both sides
  Bits valid;  // [rows] of 1: the row is valid and no key is missing
};
struct KeyColumns {
  std::array<KeySide, 2> sides;
};

/// Of columns that match.  Conversions where a key is there as numbers only.  Reveals nothing.
KeyColumns key_columns(Protocol& mpc, const Frame& left, const Names& left_on, const Frame& right,
                       const Names& right_on);

}  // namespace polder
