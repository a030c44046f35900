// Which of two ways to sort costs less: digit by digit (radix_sort.h), or by comparisons of
// shuffled rows (sample_sort.h). Few bits, or a long way between the nodes, speak for digits; the
// figures are in docs/protocols/sorting.md.
#pragma once

#include <cstddef>

#include "protocol/protocol.h"

namespace polder {

struct SortSizes {
  std::size_t rows;
  int key_bits;
  int carried_bits = 0;  // that travel with the key
};

/// The digits with which a radix sort costs least, or 0 if comparisons cost less still. Depends on
/// sizes and the protocol's public figures only, so all nodes choose alike.
int radix_digit_bits(const Protocol& mpc, const SortSizes& sizes);

}  // namespace polder
