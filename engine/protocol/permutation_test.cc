#include "protocol/permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace polder {
namespace {

Key fixed_key() { return Key(Key::Raw{1, 2, 3}); }

TEST(UniformBelow, IsTheHighPartOfAnExactProduct) {
  EXPECT_EQ(uniform_below(1, ~0ull, ~0ull), 0u);
  EXPECT_EQ(uniform_below(std::uint64_t{1} << 32, ~0ull, ~0ull), 0xffffffffu);
  EXPECT_EQ(uniform_below(3, 0x5555555555555555, 0x5555555555555555), 0u);  // just below a third
  EXPECT_EQ(uniform_below(3, 0x5555555555555555, 0x5555555555555556), 1u);  // the low word decides
}

TEST(RandomPermutation, HoldsEveryRowOnce) {
  Stream stream{fixed_key()};
  for (const std::size_t n : {0, 1, 2, 3, 255, 256, 257, 258, 100000}) {
    Indices order = random_permutation(stream, n);
    std::ranges::sort(order);
    Indices all(n);
    std::iota(all.begin(), all.end(), 0u);
    EXPECT_EQ(order, all) << n;
  }
}

TEST(RandomPermutation, DrawsTwoWordsAStepWhateverTheyGive) {
  Stream stream{fixed_key()};
  random_permutation(stream, 1000);
  EXPECT_EQ(stream.position(), 2 * 999u);
}

TEST(RandomPermutation, GivesEveryOrderOfFourEquallyOften) {
  constexpr std::size_t draws = 240'000;
  std::array<double, 256> seen{};
  Stream stream{fixed_key()};
  for (std::size_t i = 0; i < draws; ++i) {
    const Indices order = random_permutation(stream, 4);
    seen[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]] += 1;
  }
  double chi_square = 0;
  int orders = 0;
  for (const double count : seen) {
    if (count == 0) continue;
    ++orders;
    chi_square += std::pow(count - draws / 24, 2) / (draws / 24);
  }
  EXPECT_EQ(orders, 24);
  EXPECT_LT(chi_square, 59);  // 23 degrees of freedom: p = 5e-5; the key is fixed
}

}  // namespace
}  // namespace polder
