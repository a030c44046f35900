#include "ops/order/permute.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "base/error.h"
#include "protocol/testing/every_protocol.h"

namespace polder {
namespace {

using testing::Party;
using Values = std::vector<std::uint64_t>;

Values row_numbers(std::size_t n) {
  Values numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

Values random_order(std::size_t n, unsigned seed) {
  Values order = row_numbers(n);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(seed));
  return order;
}

Values narrow(const Values& values, int width) {
  Values low(values);
  for (auto& value : low) value = value * 2654435761u & low_bits(static_cast<std::size_t>(width));
  return low;
}

int number_width(std::size_t n) { return std::max(1, log2_ceil(n)); }

class Permute : public ::testing::TestWithParam<std::string> {
 protected:
  static void expect_arith(Party& party, const Column& column, const Values& expected) {
    EXPECT_TRUE(std::ranges::equal(party.mpc().open(std::get<Arith>(column), all_nodes), expected));
  }
  static void expect_bits(Party& party, const Column& column, const Values& expected) {
    EXPECT_TRUE(
        std::ranges::equal(party.mpc().open(std::get<Bits>(column), all_nodes).rows(), expected));
  }
};

constexpr std::size_t sizes[] = {0, 1, 2, 3, 64, 999, 1000, 70001};

TEST_P(Permute, SendsEveryRowToItsDestination) {
  for (const std::size_t n : sizes) {
    const Values to = random_order(n, 1), number = row_numbers(n);
    Values moved(n);
    for (std::size_t i = 0; i < n; ++i) moved[to[i]] = number[i];
    testing::run(GetParam(), [&](Party& party) {
      const int width = number_width(n);
      const std::vector<Column> rows{party.input_bits(narrow(number, 50), 50), party.input(number),
                                     party.input_bits(narrow(number, 1), 1)};
      for (const Column& by : {Column(party.input(to)), Column(party.input_bits(to, width))}) {
        const auto there = permute(party.mpc(), by, rows);
        expect_bits(party, there[0], narrow(moved, 50));
        expect_arith(party, there[1], moved);
        expect_bits(party, there[2], narrow(moved, 1));
        const auto back = permute_back(party.mpc(), by, there);
        expect_bits(party, back[0], narrow(number, 50));
        expect_arith(party, back[1], number);
        expect_bits(party, back[2], narrow(number, 1));
      }
    });
  }
}

TEST_P(Permute, GivesTheOrderForOtherColumns) {
  const Values to = random_order(500, 2), number = row_numbers(500);
  testing::run(GetParam(), [&](Party& party) {
    const Permuted both = permuted(party.mpc(), party.input(to), {party.input(number)});
    const auto again = both.order.apply({party.input(number)});
    const Values expected = [&] {
      Values moved(to.size());
      for (std::size_t i = 0; i < to.size(); ++i) moved[to[i]] = i;
      return moved;
    }();
    expect_arith(party, both.columns[0], expected);
    expect_arith(party, again[0], expected);
    expect_arith(party, both.order.invert(again)[0], number);
    EXPECT_TRUE(both.order.apply({}).empty());
  });
}

TEST_P(Permute, MovesWholeRowsWiderThanAWord) {
  const std::size_t n = 130;
  const Values to = random_order(n, 3);
  Values wide(2 * n), moved(2 * n);
  for (std::size_t i = 0; i < n; ++i) {
    wide[2 * i] = ~i, wide[2 * i + 1] = i & low_bits(7);
    moved[2 * to[i]] = ~i, moved[2 * to[i] + 1] = i & low_bits(7);
  }
  testing::run(GetParam(), [&](Party& party) {
    const Bits column = party.input_bits(wide, n, 71);
    const auto rows =
        permute(party.mpc(), party.input(to), {to_rows(party.mpc().workers(), column), column});
    expect_bits(party, from_rows(party.mpc().workers(), std::get<Rows>(rows[0])), moved);
    expect_bits(party, rows[1], moved);
  });
}

TEST_P(Permute, ComposesTwo) {
  for (const std::size_t n : sizes) {
    const Values first = random_order(n, 4), then = random_order(n, 5);
    Values through(n);
    for (std::size_t i = 0; i < n; ++i) through[i] = then[first[i]];
    testing::run(GetParam(), [&](Party& party) {
      const int width = number_width(n);
      expect_arith(party, compose(party.mpc(), party.input(first), party.input(then)), through);
      expect_bits(
          party,
          compose(party.mpc(), party.input_bits(first, width), party.input_bits(then, width)),
          through);
    });
  }
}

TEST_P(Permute, ShufflesAllColumnsAlike) {
  for (const std::size_t n : sizes) {
    const Values number = row_numbers(n);
    testing::run(GetParam(), [&](Party& party) {
      const auto rows =
          shuffled(party.mpc(), {party.input_bits(narrow(number, 9), 9), party.input(number)});
      const Words order = party.mpc().open(std::get<Arith>(rows[1]), all_nodes);
      const Values moved(order.begin(), order.end());
      expect_bits(party, rows[0], narrow(moved, 9));
      if (n >= 999) {
        EXPECT_NE(moved, number);
      }
      Values sorted = moved;
      std::ranges::sort(sorted);
      EXPECT_EQ(sorted, number);
    });
  }
}

TEST_P(Permute, RefusesWhatIsNoPermutation) {
  for (const Values& to : {Values{0, 0, 1}, Values{0, 1, 3}, Values{0, 1, ~std::uint64_t{0}}}) {
    EXPECT_THROW(testing::run(GetParam(),
                              [&](Party& party) {
                                permute(party.mpc(), party.input(to), {party.input(to)});
                              }),
                 Error);
  }
}

TEST_P(Permute, TakesTheRoundsItStates) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  const Values to = random_order(1000, 6);
  testing::run(GetParam(), [&](Party& party) {
    Protocol& mpc = party.mpc();
    const Arith by = party.input(to), x = party.input(to);
    EXPECT_EQ(cost_of(mpc, [&] { permute(mpc, by, {x}); }).rounds, 4u);
    EXPECT_EQ(cost_of(mpc, [&] { permute_back(mpc, by, {x}); }).rounds, 7u);
    EXPECT_EQ(cost_of(mpc, [&] { compose(mpc, by, x); }).rounds, 7u);
    EXPECT_EQ(cost_of(mpc, [&] { shuffled(mpc, {x}); }).rounds, 3u);
  });
}

INSTANTIATE_TEST_SUITE_P(All, Permute, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
