#include "crypto/ot/bit_equations.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/random.h"

namespace polder {
namespace {

/// The oracle: bit by bit.
std::uint64_t plain_sum(const std::uint64_t* row, const Words& table) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (row[i / 64] >> i % 64 & 1) sum ^= table[i];
  }
  return sum;
}

Words random(std::size_t n) {
  Words words(n);
  random_words(words);
  return words;
}

// Every test runs on each instruction set that this processor has.
class BitEquationsOn : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()), choose_again(); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0), choose_again(); }
  static void choose_again() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
};

TEST_P(BitEquationsOn, SumsTheWordsAtSetBits) {
  for (const std::size_t n : {1, 2, 7, 8, 63, 64, 65, 1000}) {
    const Words table = random(n), row = random(words_for_bits(n));
    EXPECT_EQ(combined(row.data(), table), plain_sum(row.data(), table)) << n;
  }
}

TEST_P(BitEquationsOn, EachWordOfTheValuesHasASolution) {
  for (const std::size_t unknowns : {50, 448, 600}) {
    BitEquations equations(unknowns, 2);
    const std::size_t n = unknowns - 45, width = words_for_bits(unknowns);
    const Words rows = random(n * width), values = random(2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      equations.add(rows.data() + i * width, std::span(values).subspan(2 * i, 2));
    }
    for (std::size_t word = 0; word < 2; ++word) {
      Words table = random(unknowns);
      equations.solve(table, word);
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(plain_sum(rows.data() + i * width, table), values[2 * i + word]) << unknowns;
      }
    }
  }
}

TEST_P(BitEquationsOn, TheSolutionSolvesEveryEquation) {
  for (const std::size_t unknowns : {50, 64, 129, 600}) {
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{9}, unknowns - 45}) {
      BitEquations equations(unknowns);
      const std::size_t width = words_for_bits(unknowns);
      const Words rows = random(n * width), values = random(n), before = random(unknowns);
      for (std::size_t i = 0; i < n; ++i) equations.add(rows.data() + i * width, {&values[i], 1});
      Words table = before;
      equations.solve(table);
      std::size_t kept = 0;
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_EQ(plain_sum(rows.data() + i * width, table), values[i]) << unknowns << " " << n;
      }
      for (std::size_t i = 0; i < unknowns; ++i) kept += table[i] == before[i];
      EXPECT_EQ(kept, unknowns - n);  // the free ones stay as they were
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, BitEquationsOn,
                         ::testing::ValuesIn(hwy::SupportedAndGeneratedTargets()),
                         [](const auto& target) { return hwy::TargetName(target.param); });

TEST(BitEquations, RefuseADependentRow) {
  BitEquations equations(100);
  const Words one = random(2), two = random(2), both{one[0] ^ two[0], one[1] ^ two[1]};
  const Words value(1, 1);
  for (const Words& row : {one, two, both}) equations.add(row.data(), value);
  Words table(100, 0);
  EXPECT_THROW(equations.solve(table), Error);
}

}  // namespace
}  // namespace polder
