// The row of a given rank, without sorting: the rows are shuffled and then narrowed down by opened
// comparisons with rows picked from a sample. Source of the narrowing: Floyd, Rivest, "Expected
// Time Bounds for Selection", CACM 1975.
//
// Nothing of the rows is revealed: each row is told apart by its old number, so the rows have
// distinct keys in an order nobody knows, and every comparison opened is one of a uniformly random
// permutation. Which rows are compared next follows from earlier answers and public numbers only.
#pragma once

#include <cstddef>
#include <span>

#include "ops/order/min_max.h"

namespace polder {

/// The row that would be row `rank` (from 0) if x were sorted, ties by row number.  x [n] of w,
/// rank < n.  About 3 + 6 (2 + ceil(log2(w + log2 n))) rounds and 3 n comparisons.  Reveals
/// nothing. Throws bad_input if there is no such row.
PickedRow order_statistic(Protocol& mpc, const Bits& x, std::size_t rank,
                          Sign sign = Sign::without);

/// Several at once, in the rounds of one.  ranks [m] -> value and number of [m] rows.
/// Reveals nothing.
PickedRow order_statistic(Protocol& mpc, const Bits& x, std::span<const std::size_t> ranks,
                          Sign sign = Sign::without);

/// The two rows in the middle, [2]: twice the same if n is odd. Their mean is the median.
/// Reveals nothing.
PickedRow medians(Protocol& mpc, const Bits& x, Sign sign = Sign::without);

}  // namespace polder
