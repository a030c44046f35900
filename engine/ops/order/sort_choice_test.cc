#include "ops/order/sort_choice.h"

#include <gtest/gtest.h>

#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using std::chrono::milliseconds;

/// From this many bits on, comparisons cost less.
int first_compared_width(std::size_t rows, milliseconds one_way) {
  int width = 1;
  testing::run_at_distance(rep3::schedule_for(one_way), [&](testing::Party& party) {
    const auto by_digits = [&](int bits) {
      return radix_digit_bits(party.mpc(), {.rows = rows, .key_bits = bits}) > 0;
    };
    if (party.role() > 0) return;
    while (width < 64 && by_digits(width)) ++width;
    for (int wider = width; wider <= 64; ++wider) EXPECT_FALSE(by_digits(wider)) << wider;
  });
  return width;
}

// The figures of docs/protocols/sorting.md.
TEST(SortChoice, TurnsWhereItWasMeasured) {
  EXPECT_EQ(first_compared_width(1000, milliseconds(0)), 12);
  EXPECT_EQ(first_compared_width(1 << 16, milliseconds(0)), 7);
  EXPECT_EQ(first_compared_width(1 << 20, milliseconds(0)), 7);
  EXPECT_EQ(first_compared_width(1000, milliseconds(10)), 5);
  EXPECT_EQ(first_compared_width(1 << 16, milliseconds(10)), 13);
  EXPECT_EQ(first_compared_width(1 << 20, milliseconds(10)), 7);
}

TEST(SortChoice, ComparesNoRowsAndWideOnes) {
  EXPECT_EQ(first_compared_width(0, milliseconds(10)), 1);
  EXPECT_EQ(first_compared_width(1, milliseconds(10)), 1);
}

}  // namespace
}  // namespace polder
