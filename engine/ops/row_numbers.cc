#include "ops/row_numbers.h"

#include <algorithm>
#include <numeric>

namespace polder {

int row_number_width(std::size_t n) { return std::max(1, log2_ceil(n)); }

Bits row_numbers(Protocol& mpc, std::size_t n) {
  Words numbers(n);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
  return mpc.constant(PlainBits::of_rows(numbers, n, row_number_width(n)));
}

}  // namespace polder
