#include "ops/order/order_statistic.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

class OrderStatistic : public testing::Operator {
 protected:
  /// Against the oracle: std::stable_sort of the row numbers.
  void expect_ranks(const Values& x, int width, Sign sign, const std::vector<std::size_t>& ranks) {
    Values order(x.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, [&](std::uint64_t a, std::uint64_t b) {
      if (sign == Sign::without) return x[a] < x[b];
      return testing::as_signed(x[a], width) < testing::as_signed(x[b], width);
    });
    testing::run(GetParam(), [&](Party& party) {
      const PickedRow rows = order_statistic(party.mpc(), party.input_bits(x, width), ranks, sign);
      const Words values = party.mpc().open(rows.value, all_nodes).rows();
      const Words numbers = party.mpc().open(rows.number, all_nodes).rows();
      ASSERT_EQ(values.size(), ranks.size());
      for (std::size_t i = 0; i < ranks.size(); ++i) {
        EXPECT_EQ(numbers[i], order[ranks[i]]) << "rank " << ranks[i] << " of " << x.size();
        EXPECT_EQ(values[i], x[order[ranks[i]]]);
      }
    });
  }
};

TEST_P(OrderStatistic, IsTheRowASortWouldPutThere) {
  for (const std::size_t n : {1, 2, 3, 127, 128, 129, 130, 1003, 5000}) {
    for (const int width : {1, 9, 64}) {
      const Values x = testing::sample(n, width, 1);
      expect_ranks(x, width, Sign::without, {0, n / 4, n / 2, n - 1});
      expect_ranks(x, width, Sign::with, {n / 3});
    }
  }
}

TEST_P(OrderStatistic, TakesManyRows) {
  const std::size_t n = 70001;
  expect_ranks(testing::sample(n, 30, 2), 30, Sign::without, {0, 1, 700, n / 2, n - 1});
}

TEST_P(OrderStatistic, TakesEveryRank) {
  const Values x = testing::sample(300, 6, 3);
  std::vector<std::size_t> ranks(300);
  std::iota(ranks.begin(), ranks.end(), std::size_t{0});
  expect_ranks(x, 6, Sign::without, ranks);
  expect_ranks(x, 6, Sign::without, {});
}

TEST_P(OrderStatistic, TakesSortedReversedAndEqualRows) {
  Values x(1000);
  std::iota(x.begin(), x.end(), 0);
  expect_ranks(x, 10, Sign::without, {0, 400, 999});
  std::ranges::reverse(x);
  expect_ranks(x, 10, Sign::without, {0, 400, 999});
  expect_ranks(Values(1000, 7), 10, Sign::without, {0, 400, 999});
}

TEST_P(OrderStatistic, HasTwoMedians) {
  for (const Values& x : {Values{5}, Values{5, 3}, Values{5, 3, 9}, Values{1, 2, 9, 9}}) {
    Values sorted = x;
    std::ranges::sort(sorted);
    EXPECT_EQ(
        bits([&](Party& party) { return medians(party.mpc(), party.input_bits(x, 4)).value; }),
        (Values{sorted[(x.size() - 1) / 2], sorted[x.size() / 2]}));
  }
}

TEST_P(OrderStatistic, RefusesARankThatIsNotThere) {
  EXPECT_THROW(testing::run(GetParam(),
                            [](Party& party) {
                              order_statistic(party.mpc(), party.input_bits({1, 2}, 8), 2);
                            }),
               Error);
  EXPECT_THROW(
      testing::run(GetParam(), [](Party& party) { medians(party.mpc(), party.input_bits({}, 8)); }),
      Error);
}

// For the worst rank, and with luck to spare: the pivots are drawn.
TEST_P(OrderStatistic, TakesFewRoundsAndComparisons) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  const std::size_t n = 70001;
  const Values x = testing::sample(n, 40, 4);
  testing::run(GetParam(), [&](Party& party) {
    const Bits column = party.input_bits(x, 40);
    const Costs costs = cost_of(party.mpc(), [&] { order_statistic(party.mpc(), column, n / 2); });
    EXPECT_LT(costs.rounds, 3u + 6 * 16);
    EXPECT_LT(costs.bytes_sent, n * (16 + 5 * 16));
  });
}

POLDER_EVERY_PROTOCOL(OrderStatistic);

}  // namespace
}  // namespace polder
