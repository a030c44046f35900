#include "ops/order/min_max.h"

#include <algorithm>

#include "base/error.h"
#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

class MinMax : public testing::Operator {
 protected:
  using Picker = PickedRow (*)(Protocol&, const Bits&, Sign);

  /// The picked row, against the first of the expected value.
  void expect_row(Picker pick, const Values& x, int width, Sign sign, Values::const_iterator row) {
    testing::run(GetParam(), [&](Party& party) {
      const PickedRow picked = pick(party.mpc(), party.input_bits(x, width), sign);
      const auto opened = [&](const Bits& bits) {
        return party.mpc().open(bits, all_nodes).rows();
      };
      EXPECT_EQ(opened(picked.value), Words{*row}) << x.size() << " rows of " << width;
      EXPECT_EQ(opened(picked.number), Words{static_cast<std::uint64_t>(row - x.begin())});
    });
  }

  void expect_extremes(const Values& x, int width) {
    const auto as_signed = [&](std::uint64_t value) { return testing::as_signed(value, width); };
    expect_row(min_row, x, width, Sign::without, std::ranges::min_element(x));
    expect_row(max_row, x, width, Sign::without, std::ranges::max_element(x));
    expect_row(min_row, x, width, Sign::with, std::ranges::min_element(x, {}, as_signed));
    expect_row(max_row, x, width, Sign::with, std::ranges::max_element(x, {}, as_signed));
  }
};

TEST_P(MinMax, IsTheFirstMinOrMaxRow) {
  for (const std::size_t n : {1, 2, 3, 4, 5, 127, 128, 129, 1003, 4099}) {
    for (const int width : {1, 5, 64}) expect_extremes(testing::sample(n, width, 1), width);
  }
}

TEST_P(MinMax, TakesManyRows) { expect_extremes(testing::sample(70001, 20, 2), 20); }

TEST_P(MinMax, TakesSortedReversedAndEqualRows) {
  Values x(1000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = i;
  expect_extremes(x, 10);
  std::ranges::reverse(x);
  expect_extremes(x, 10);
  expect_extremes(Values(1000, 7), 10);
}

TEST_P(MinMax, FindsTheOneThatStandsOut) {
  for (const std::size_t at : {0, 1, 62, 63, 64, 500, 998, 999}) {
    Values x(1000, 5);
    x[at] = 3;
    expect_row(min_row, x, 4, Sign::without, x.begin() + static_cast<std::ptrdiff_t>(at));
    x[at] = 9;
    expect_row(max_row, x, 4, Sign::without, x.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

TEST_P(MinMax, RefusesNoRows) {
  EXPECT_THROW(
      testing::run(GetParam(), [](Party& party) { min_row(party.mpc(), party.input_bits({}, 8)); }),
      Error);
}

TEST_P(MinMax, TakesFewRounds) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  for (const auto& [n, rounds] : {std::pair{1, 0}, {2, 8}, {64, 14}, {1000, 26}, {70001, 62}}) {
    const Values x = testing::sample(static_cast<std::size_t>(n), 64, 3);
    testing::run(GetParam(), [&](Party& party) {
      const Bits column = party.input_bits(x, 64);
      EXPECT_EQ(cost_of(party.mpc(), [&] { min_row(party.mpc(), column); }).rounds,
                static_cast<std::uint64_t>(rounds))
          << n << " rows";
    });
  }
}

POLDER_EVERY_PROTOCOL(MinMax);

}  // namespace
}  // namespace polder
