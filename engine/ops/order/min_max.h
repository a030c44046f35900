// The least and the greatest row of a column, and which row it is. A tournament whose rounds play
// all against all in growing groups: while many rows are left, comparisons are dear and groups
// small; later rounds are dear. Source: Valiant, "Parallelism in Comparison Problems", SIAM Journal
// on Computing, 1975.
#pragma once

#include "ops/compare/sign.h"
#include "protocol/protocol.h"

namespace polder {

/// A row picked from a column.
struct PickedRow {
  Bits value;   // [1] of w
  Bits number;  // [1] of row_number_width(n): which row it was
};

/// The least of all rows; of equal ones the first.  x [n] of w, n >= 1.  For 64 bits 14 rounds up
/// to 128 rows, 26 for 1,000, 67 for 2^20; up to 1.7 n comparisons (of few rows 8,192).  Reveals
/// nothing.  Throws bad_input if there is no row. To leave rows out, give them a top bit.
PickedRow min_row(Protocol& mpc, const Bits& x, Sign sign = Sign::without);

/// The greatest of all rows; of equal ones the first.  As least.  Reveals nothing.
PickedRow max_row(Protocol& mpc, const Bits& x, Sign sign = Sign::without);

}  // namespace polder
