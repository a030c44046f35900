// Sorting by comparisons that are opened, of rows that were shuffled: for keys of any width. What
// the comparisons are, and why they say nothing: sample_sort.h.
#pragma once

#include "ops/order/row_order.h"

namespace polder {

/// Rows by an unsigned key, ties by their old place. Key and carried are gone as soon as they are
/// in rows.  key, carried [n] of any width.  About log2 n + 1 comparisons a row of (key bits + log2
/// n) bits, 2 words a row and word.  Reveals nothing (the nodes see a random permutation).
Sorted comparison_sort(Protocol& mpc, Bits key, Bits carried);

/// Only their order.  Reveals nothing.
RowOrder comparison_order(Protocol& mpc, Bits key);

}  // namespace polder
