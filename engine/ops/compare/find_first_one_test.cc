#include "ops/compare/find_first_one.h"

#include <bit>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class FindFirstOne : public Operator {};

/// All bits from the lowest one set upwards.
std::uint64_t upward(std::uint64_t value, int width) {
  std::uint64_t set = 0;
  for (int i = 0; i < width; ++i) {
    if ((value & low_bits(static_cast<std::size_t>(i + 1))) != 0) set |= std::uint64_t{1} << i;
  }
  return set;
}

TEST_P(FindFirstOne, IsFoundAtEveryWidth) {
  for (const int width : {1, 2, 3, 5, 8, 31, 64}) {
    for (const std::size_t n : edge_sizes) {
      Values x = spread_sample(n, 1);
      for (auto& value : x) value &= low_bits(static_cast<std::size_t>(width));
      EXPECT_EQ(bits([&](Party& p) { return find_first_one(p.mpc(), p.input_bits(x, width)); }),
                each(x, [](auto a) { return std::bit_floor(a); }))
          << n << " rows of " << width;
      EXPECT_EQ(bits([&](Party& p) { return p.mpc().suffix_or(p.input_bits(x, width)); }),
                each(x, [](auto a) { return low_bits(std::size_t(std::bit_width(a))); }))
          << n << " rows of " << width;
      EXPECT_EQ(bits([&](Party& p) { return prefix_or_in_rows(p.mpc(), p.input_bits(x, width)); }),
                each(x, [&](auto a) { return upward(a, width); }))
          << n << " rows of " << width;
    }
  }
}

POLDER_EVERY_PROTOCOL(FindFirstOne);

}  // namespace
}  // namespace polder
