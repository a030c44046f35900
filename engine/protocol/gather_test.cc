// Rows gathered and brought from one form into the other, by 1, 2 and 8 workers, against plain
// code.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "protocol/share.h"

namespace polder {
namespace {

constexpr int width = 70;  // two words a row
constexpr std::size_t sizes[] = {0, 1, 63, 64, 65, 1003, 3 * 32768, 8 * 32768 + 1};

class Gather : public ::testing::TestWithParam<std::size_t> {
 protected:
  Rows random_rows(std::size_t n) {
    Rows rows(2, n, width);
    for (int c = 0; c < 2; ++c) {
      for (std::size_t k = 0; k < 2 * n; ++k)
        rows.component(c)[k] = k % 2 == 0 ? draw_() : draw_() & low_bits(width - 64);
    }
    return rows;
  }

  Indices random_numbers(std::size_t count, std::size_t below) {
    Indices numbers(below == 0 ? 0 : count);
    for (std::uint32_t& number : numbers) number = static_cast<std::uint32_t>(draw_() % below);
    return numbers;
  }

  Workers workers_{GetParam()};
  std::mt19937_64 draw_{5};
};

bool bit_of(const Bits& x, int c, std::size_t row, int i) {
  return x.plane(c, row / 32768, i)[row % 32768 / 64] >> row % 64 & 1;
}

/// Bits first, first + 1 … of rows `from` are those of x. Of many rows, some in each word.
void expect_bits(const Bits& x, const Rows& rows, const Indices& from, int first) {
  ASSERT_EQ(x.size(), from.size());
  for (std::size_t row = 0; row<x.size(); row += x.size()> 2000 ? 61 : 1) {
    for (int c = 0; c < 2; ++c) {
      for (int i = 0; i < x.width(); ++i) {
        const int bit = first + i;
        ASSERT_EQ(bit_of(x, c, row, i), rows.component(c)[2 * from[row] + bit / 64] >> bit % 64 & 1)
            << x.size() << " rows, row " << row << ", bit " << bit;
      }
    }
  }
}

TEST_P(Gather, BringsRowsIntoPlanesAndBack) {
  for (const std::size_t n : sizes) {
    const Rows rows = random_rows(n);
    Indices all(n);
    std::iota(all.begin(), all.end(), 0u);
    const Bits planes = from_rows(workers_, rows);
    expect_bits(planes, rows, all, 0);
    const Rows back = to_rows(workers_, planes);
    for (int c = 0; c < 2; ++c)
      EXPECT_TRUE(std::ranges::equal(back.component(c), rows.component(c))) << n;
  }
}

TEST_P(Gather, PicksRowsByNumber) {
  for (const std::size_t n : sizes) {
    const Rows rows = random_rows(n);
    const Indices from = random_numbers(n + n / 3, n);
    const Rows picked = gather(workers_, rows, from);
    const Arith lowest(std::vector<Words>{{rows.component(0).begin(), rows.component(0).end()}});
    const Arith numbers = gather(workers_, lowest, from);
    for (std::size_t i = 0; i < from.size(); ++i) {
      for (int c = 0; c < 2; ++c) {
        ASSERT_EQ(picked.component(c)[2 * i], rows.component(c)[2 * from[i]]) << n;
        ASSERT_EQ(picked.component(c)[2 * i + 1], rows.component(c)[2 * from[i] + 1]) << n;
      }
      ASSERT_EQ(numbers.component(0)[i], lowest.component(0)[from[i]]) << n;
    }
    expect_bits(gather(workers_, from_rows(workers_, rows), from), rows, from, 0);
    expect_bits(gather_bits(workers_, rows, from, 3, 66), rows, from, 3);
  }
}

TEST_P(Gather, TurnsPermutationsAround) {
  for (const std::size_t n : sizes) {
    Indices permutation(n);
    std::iota(permutation.begin(), permutation.end(), 0u);
    std::ranges::shuffle(permutation, draw_);
    const Indices turned = inverse(workers_, permutation);
    ASSERT_EQ(turned.size(), n);
    for (std::uint32_t i = 0; i < n; ++i) ASSERT_EQ(turned[permutation[i]], i);
  }
}

INSTANTIATE_TEST_SUITE_P(Workers, Gather, ::testing::Values(1, 2, 8));

}  // namespace
}  // namespace polder
