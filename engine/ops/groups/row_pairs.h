// A column as pairs of neighbouring rows: what work along the rows halves its rows by. No rounds,
// nothing secret is looked at.
#pragma once

#include "protocol/share.h"

namespace polder {

/// Rows 0, 2, 4 … and rows 1, 3, 5 … of a column.  [ceil(n / 2)] each; beyond row n are zeros.
struct RowPairs {
  Bits even, odd;
};
RowPairs row_pairs(Bits x);

/// The first n rows of pairs, in a row again.
Bits from_pairs(const RowPairs& pairs, std::size_t n);

}  // namespace polder
