#include "base/transpose.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <random>
#include <vector>

#include "base/bits.h"
#include "base/error.h"

namespace polder {
namespace {

using Row = std::vector<std::uint64_t>;

Row random_row(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 draw(seed);
  Row row(n);
  for (auto& word : row) word = draw();
  return row;
}

bool bit(std::uint64_t word, std::size_t i) { return (word >> i & 1) != 0; }

// Every test runs on each instruction set that this processor has.
class Transpose : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()), choose_again(); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0), choose_again(); }
  static void choose_again() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
};

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> all;
  for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    all.push_back(left & -left);
  }
  return all;
}

std::string target_name(const testing::TestParamInfo<std::int64_t>& target) {
  return hwy::TargetName(target.param);
}

INSTANTIATE_TEST_SUITE_P(Targets, Transpose, testing::ValuesIn(targets()), target_name);

struct Shape {
  std::size_t n;
  int width;
  std::size_t row_stride, plane_gap;
};

std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (std::size_t n : {0, 1, 2, 63, 64, 65, 511, 512, 513, 575, 1000, 1024, 4095, 4097, 9000}) {
    for (int width : {1, 2, 7, 8, 9, 31, 33, 63, 64}) {
      all.push_back({n, width, 1, 0});
      all.push_back({n, width, 3, 5});
    }
  }
  return all;
}

TEST_P(Transpose, Of64x64IsTheDefinition) {
  const Row in = random_row(64, 1);
  Row out(64);
  transpose_64x64(in.data(), out.data());
  for (std::size_t i = 0; i < 64; ++i) {
    for (std::size_t j = 0; j < 64; ++j) ASSERT_EQ(bit(out[i], j), bit(in[j], i)) << i << ' ' << j;
  }
}

TEST_P(Transpose, PlanesHoldEachBitOfEachRowAndZerosBehind) {
  for (const Shape& s : shapes()) {
    const Row rows = random_row(s.n * s.row_stride, s.n + 2);
    const std::size_t words = words_for_bits(s.n), stride = words + s.plane_gap;
    const std::uint64_t untouched = 0x5555;
    Row planes(stride * 64 + 8, untouched);
    to_planes(rows.data(), s.row_stride, s.n, s.width, planes.data(), stride);

    for (std::size_t p = 0; p < 64; ++p) {
      const bool there = p < static_cast<std::size_t>(s.width);
      for (std::size_t w = there ? words : 0; w < stride; ++w) {
        ASSERT_EQ(planes[p * stride + w], untouched) << s.n << ' ' << s.width << ' ' << p;
      }
      for (std::size_t r = 0; there && r < words * 64; ++r) {
        const bool expected = r < s.n && bit(rows[r * s.row_stride], p);
        ASSERT_EQ(bit(planes[p * stride + r / 64], r % 64), expected)
            << s.n << ' ' << s.width << ' ' << p << ' ' << r;
      }
    }
  }
}

TEST_P(Transpose, RowsHoldEachBitOfEachPlaneAndNothingElse) {
  for (const Shape& s : shapes()) {
    const std::size_t stride = words_for_bits(s.n) + s.plane_gap;
    const Row planes = random_row(stride * static_cast<std::size_t>(s.width), s.n + 3);
    const std::uint64_t untouched = 0x5555;
    Row rows(s.n * s.row_stride + 8, untouched);
    from_planes(planes.data(), stride, s.n, s.width, rows.data(), s.row_stride);

    Row expected(rows.size(), untouched);
    for (std::size_t r = 0; r < s.n; ++r) {
      std::uint64_t& row = expected[r * s.row_stride] = 0;
      for (std::size_t p = 0; p < static_cast<std::size_t>(s.width); ++p) {
        row |= std::uint64_t{bit(planes[p * stride + r / 64], r % 64)} << p;
      }
    }
    ASSERT_EQ(rows, expected) << s.n << ' ' << s.width;
  }
}

TEST_P(Transpose, RefusesAWidthThatIsNone) {
  std::uint64_t word = 0;
  EXPECT_THROW(to_planes(&word, 1, 1, 0, &word, 1), Error);
  EXPECT_THROW(from_planes(&word, 1, 1, 65, &word, 1), Error);
}

}  // namespace
}  // namespace polder
