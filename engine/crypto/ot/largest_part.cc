#include "crypto/ot/largest_part.h"

#include <algorithm>
#include <cmath>

#include "base/bits.h"

namespace polder {
namespace {

std::uint64_t root_above(std::uint64_t x) {
  std::uint64_t root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(x)));
  while (root > 0 && (root - 1) * (root - 1) >= x) --root;
  while (root * root < x) ++root;
  return root;
}

}  // namespace

std::uint64_t largest_part(std::uint64_t n, std::uint64_t parts, int bits) {
  if (parts == 1) return n;
  const std::uint64_t mean = ceil_div(n, parts);
  const auto b = static_cast<std::uint64_t>(bits + log2_ceil(parts));
  const std::uint64_t doubled = ceil_div(b * 1387, 1000);  // 2 L
  return std::min(n, mean + ceil_div(doubled, 3) + root_above(doubled * mean));
}

}  // namespace polder
