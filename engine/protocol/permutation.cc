#include "protocol/permutation.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace polder {

Indices random_permutation(Stream& stream, std::size_t n) {
  require(n <= std::size_t{1} << 32, "a permutation of more than 2^32 rows");
  constexpr std::size_t steps_ahead = 256;
  Indices order(n);
  std::iota(order.begin(), order.end(), 0u);
  Words drawn(2 * steps_ahead);
  for (std::size_t left = n; left > 1;) {
    const std::size_t steps = std::min(steps_ahead, left - 1);
    stream.fill(std::span(drawn).first(2 * steps));
    for (std::size_t i = 0; i < steps; ++i, --left) {
      std::swap(order[left - 1], order[uniform_below(left, drawn[2 * i], drawn[2 * i + 1])]);
    }
  }
  return order;
}

}  // namespace polder
