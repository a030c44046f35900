#include "protocol/permutation.h"

#include <numeric>
#include <utility>

namespace polder {

Indices random_permutation(Stream& stream, std::size_t n) {
  Indices order(n);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t left = n; left > 1; --left)
    std::swap(order[left - 1], order[stream.below(left)]);
  return order;
}

}  // namespace polder
