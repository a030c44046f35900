#include "ops/planes.h"

#include <algorithm>

namespace polder {
namespace {

/// Calls work(plane of x, plane i of planes) for bit at[i] of x, in every block and component.
template <typename ColumnX, typename ColumnPlanes, typename Work>
void each_plane(ColumnX& x, const Places& at, ColumnPlanes& planes, Work&& work) {
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      for (std::size_t i = 0; i < at.size(); ++i) {
        work(x.plane(c, b, at[i]), planes.plane(c, b, static_cast<int>(i)));
      }
    }
  }
}

}  // namespace

Bits pick_bits(const Bits& x, const Places& from) {
  Bits picked(x.components(), x.size(), static_cast<int>(from.size()));
  each_plane(x, from, picked,
             [](auto source, auto plane) { std::ranges::copy(source, plane.begin()); });
  return picked;
}

void put_bits(Bits& x, const Places& at, const Bits& planes) {
  each_plane(x, at, planes,
             [](auto plane, auto source) { std::ranges::copy(source, plane.begin()); });
}

void flip_bits(Bits& x, const Places& at, const Bits& planes) {
  each_plane(x, at, planes, [](auto plane, auto change) {
    for (std::size_t k = 0; k < plane.size(); ++k) plane[k] ^= change[k];
  });
}

Bits parity(const Bits& x, const Places& of) {
  Bits odd(x.components(), x.size(), 1);
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      const auto sum = odd.plane(c, b, 0);
      std::ranges::fill(sum, 0);
      for (const int place : of) {
        const auto plane = x.plane(c, b, place);
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] ^= plane[k];
      }
    }
  }
  return odd;
}

Gathering gathering(int places, int span) {
  Gathering level;
  for (int i = span; i < places; ++i) {
    if ((i & span) == 0) continue;
    level.upper.push_back(i);
    level.lower.push_back((i & ~(span - 1)) - 1);
  }
  return level;
}

}  // namespace polder
