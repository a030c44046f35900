#include "ops/groups/row_pairs.h"

#include <gtest/gtest.h>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Values;

Bits column(const Values& values, int width) {
  const PlainBits plain = PlainBits::of_rows(values, values.size(), width);
  return Bits(plain.shape(), {Words(plain.words().begin(), plain.words().end())});
}

Values values(const Bits& column) {
  const Bits cleared = clear_tail(column);
  const auto words = cleared.component(0);
  const Words rows = PlainBits(column.shape(), Words(words.begin(), words.end())).rows();
  return Values(rows.begin(), rows.end());
}

TEST(RowPairs, AreEverySecondRowAndMakeTheColumnAgain) {
  for (const std::size_t n : {0, 1, 2, 3, 64, 65, 127, 128, 32768, 32769, 65536, 98305, 131073}) {
    for (const int width : {1, 9}) {
      const Values rows = testing::sample(n, width, 1);
      Values even, odd;
      for (std::size_t i = 0; i < n; ++i) (i % 2 == 0 ? even : odd).push_back(rows[i]);
      if (n % 2 == 1) odd.push_back(0);
      const RowPairs pairs = row_pairs(column(rows, width));
      EXPECT_EQ(values(pairs.even), even) << n;
      EXPECT_EQ(values(pairs.odd), odd) << n;
      EXPECT_EQ(values(from_pairs(pairs, n)), rows) << n;
    }
  }
}

}  // namespace
}  // namespace polder
