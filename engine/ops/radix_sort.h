// Sorting by short keys, digit after digit from the lowest: a stable partition by each. Only the
// key and where a row is bound for move with the digits; columns move once, at the end. For long
// keys see sort.h. Source: Asharov, Hamada, Ikarashi, Kikuchi, Nof, Pinkas, Takahashi, Tomida,
// "Efficient Secure Three-Party Sorting with Applications to Data Analysis and Heavy Hitters", CCS
// 2022.
#pragma once

#include "ops/row_order.h"

namespace polder {

struct RadixOptions {
  int digit_bits = 0;  // 1 to 8; 0: what is cheapest for this many rows
};

/// The order of rows by an unsigned key, ties by their old place.  key [n] of w.  For w <= d:
/// w + 6 rounds. For longer keys 4 rounds and d + 6 for each digit of d bits: per digit 16 (2^d -
/// 1) B and 2 words a row and word of (unsorted key bits + log2 n bits), 24 B for the destination.
/// Reveals nothing (the nodes see random permutations).
RowOrder radix_order(Protocol& mpc, const Bits& key, RadixOptions options = {});

/// Columns in that order.  key [n], columns [n] each -> [n] each.  As radix_order and 3 rounds
/// more, for w <= d none more.  Reveals nothing.
std::vector<Column> radix_sort(Protocol& mpc, const Bits& key, std::vector<Column> columns,
                               RadixOptions options = {});

}  // namespace polder
