// Sorting by short keys, digit after digit from the lowest: a stable partition by each. For long
// keys comparisons cost less: sort_choice.h. Source: Asharov, Hamada, Ikarashi, Kikuchi, Nof,
// Pinkas, Takahashi, Tomida, "Efficient Secure Three-Party Sorting with Applications to Data
// Analysis and Heavy Hitters", CCS 2022.
#pragma once

#include "ops/order/row_order.h"

namespace polder {

/// Rows by an unsigned key, ties by their old place, in digits of 1 to 8 bits.  key, carried [n]. A
/// key of one digit of d bits: d + 6 rounds, 8 (2^d + 3) B, 2 words a row and word of both. A
/// longer one: for each digit as much, with the row number among what moves, and once 4 rounds, 16
/// B and the row number.  Reveals nothing (the nodes see random permutations).
Sorted radix_sort(Protocol& mpc, Bits key, Bits carried, int digit_bits);

/// Only their order.  Reveals nothing.
RowOrder radix_order(Protocol& mpc, Bits key, int digit_bits);

}  // namespace polder
