// Rows of bits cut out, put together and moved, against strings of bits: words never fit together.
#include "protocol/share.h"

#include <gtest/gtest.h>

#include <random>

namespace polder {
namespace {

constexpr int width = 3;

/// Component 0, row by row.
std::vector<std::uint64_t> rows_of(const Bits& x) {
  const auto words = x.component(0);
  const Words rows = PlainBits(x.shape(), Words(words.begin(), words.end())).rows();
  return {rows.begin(), rows.end()};
}

Bits random_bits(std::size_t n, unsigned seed) {
  std::mt19937_64 draw(seed);
  Bits x(1, n, width);
  for (std::uint64_t& word : x.component(0)) word = draw();
  return x;
}

constexpr std::size_t n = 2 * BitShape::block_rows + 200;
constexpr std::size_t places[] = {0, 1, 63, 64, 65, 130, 32767, 32768, 32833};

TEST(Share, SlicesBeginAndEndAnywhere) {
  const Bits x = random_bits(n, 1);
  const auto all = rows_of(x);
  for (const std::size_t first : places) {
    for (const std::size_t count : places) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
      EXPECT_EQ(rows_of(slice(x, first, count)),
                std::vector(from, from + static_cast<std::ptrdiff_t>(count)))
          << first << " " << count;
    }
  }
}

TEST(Share, PartsOfAnyLengthFollowOneAnother) {
  std::vector<Bits> parts;
  std::vector<std::uint64_t> expected;
  for (const std::size_t count : places) {
    parts.push_back(random_bits(count, static_cast<unsigned>(count)));
    const auto rows = rows_of(parts.back());
    expected.insert(expected.end(), rows.begin(), rows.end());
  }
  EXPECT_EQ(rows_of(concat(parts)), expected);
}

TEST(Share, RowsMoveByAnyDistance) {
  const Bits x = random_bits(n, 2);
  const auto all = rows_of(x);
  for (const std::size_t distance : places) {
    std::vector<std::uint64_t> later(n, 0), earlier(n, 0);
    for (std::size_t i = 0; i + distance < n; ++i)
      later[i + distance] = all[i], earlier[i] = all[i + distance];
    const auto by = static_cast<std::ptrdiff_t>(distance);
    EXPECT_EQ(rows_of(shift_rows(x, by)), later) << distance;
    EXPECT_EQ(rows_of(shift_rows(x, -by)), earlier) << distance;
  }
}

}  // namespace
}  // namespace polder
