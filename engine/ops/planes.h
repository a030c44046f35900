// Bit planes of a column taken and put by public place: what circuits over the bits of a row are
// wired with. No rounds, nothing secret is looked at.
#pragma once

#include <span>
#include <vector>

#include "protocol/share.h"

namespace polder {

/// Numbers of bits of a row; public.
using Places = std::vector<int>;

/// Bits from[0], from[1] … of every row, in this order.
Bits pick_bits(const Bits& x, const Places& from);
/// Bit at[i] of every row becomes bit i of `planes`.
void put_bits(Bits& x, const Places& at, const Bits& planes);
/// Bit at[i] of every row is turned over where bit i of `planes` is set.
void flip_bits(Bits& x, const Places& at, const Bits& planes);
/// The exclusive or of some bits of a row.  [n] of w -> [n] of 1.
Bits parity(const Bits& x, const Places& of);

/// Places of a tree that gathers, for every place, all places from 0 up to it: at the level of
/// `span` (1, 2, 4 … below `places`), place upper[i] takes in what has been gathered at lower[i].
/// Source: Sklansky, "Conditional-Sum Addition Logic", 1960.
struct Gathering {
  Places upper, lower;
};
Gathering gathering(int places, int span);

}  // namespace polder
