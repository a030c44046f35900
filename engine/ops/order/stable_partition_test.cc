#include "ops/order/stable_partition.h"

#include <algorithm>
#include <numeric>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

/// The oracle: where std::stable_sort by the digit puts each row.
Values stable_destinations(const Values& digit) {
  Values from(digit.size()), to(digit.size());
  std::iota(from.begin(), from.end(), 0);
  std::ranges::stable_sort(from, {}, [&](std::uint64_t i) { return digit[i]; });
  for (std::size_t i = 0; i < from.size(); ++i) to[from[i]] = i;
  return to;
}

Values moved(const Values& values, const Values& to) {
  Values there(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) there[to[i]] = values[i];
  return there;
}

/// Random digits, and all rows alike.
std::vector<Values> digits(std::size_t n, int width) {
  const std::uint64_t top = low_bits(static_cast<std::size_t>(width));
  Values random = testing::sample(n, 64, 3);
  for (auto& value : random) value = (value * 0x9e3779b97f4a7c15) >> 32 & top;
  return {random, Values(n, 0), Values(n, top)};
}

class StablePartition : public testing::Operator {};

TEST_P(StablePartition, FindsWhereEveryRowGoes) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const int width : {1, 2, 3, 5}) {
      for (const Values& digit : digits(n, width)) {
        EXPECT_EQ(arith([&](Party& party) {
                    return destinations(party.mpc(), party.input_bits(digit, width));
                  }),
                  stable_destinations(digit))
            << n << " rows of " << width;
      }
    }
  }
}

TEST_P(StablePartition, PutsChosenRowsFirstAndKeepsTheirValues) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const Values& others : digits(n, 1)) {
      const Values chosen = testing::each(others, [](std::uint64_t other) { return 1 - other; });
      const Values x = testing::sample(n, 64, 6), y = testing::sample(n, 64, 7);
      testing::run(GetParam(), [&](Party& party) {
        const ChosenFirst rows =
            chosen_first(party.mpc(), party.input(chosen), {party.input(x), party.input(y)});
        const auto opened = [&](const Arith& column) {
          return party.mpc().open(column, all_nodes);
        };
        EXPECT_TRUE(std::ranges::equal(opened(rows.to), stable_destinations(others)));
        const auto product = [](std::uint64_t a, std::uint64_t b) { return a * b; };
        EXPECT_TRUE(
            std::ranges::equal(opened(rows.of_chosen[0]), testing::each(chosen, x, product)));
        EXPECT_TRUE(
            std::ranges::equal(opened(rows.of_chosen[1]), testing::each(chosen, y, product)));
      });
    }
  }
}

TEST_P(StablePartition, KeepsTheOldOrderOnEachSide) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const Values& flag : digits(n, 1)) {
      const Values value = testing::sample(n, 64, 4), narrow = testing::sample(n, 5, 5);
      const Values to = stable_destinations(flag);
      testing::run(GetParam(), [&](Party& party) {
        const Bits flags = party.input_bits(flag, 1);
        const auto rows = stable_partition(
            party.mpc(), flags, {party.input(value), flags, party.input_bits(narrow, 5)});
        const auto opened = [&](std::size_t i) {
          return party.mpc().open(std::get<Bits>(rows[i]), all_nodes).rows();
        };
        EXPECT_TRUE(std::ranges::equal(party.mpc().open(std::get<Arith>(rows[0]), all_nodes),
                                       moved(value, to)));
        EXPECT_TRUE(std::ranges::equal(opened(1), moved(flag, to)));
        EXPECT_TRUE(std::ranges::equal(opened(2), moved(narrow, to)));
      });
    }
  }
}

TEST_P(StablePartition, TakesTheRoundsItStates) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  const Values digit = digits(1000, 3)[0];
  testing::run(GetParam(), [&](Party& party) {
    Protocol& mpc = party.mpc();
    const Bits key = party.input_bits(digit, 3);
    for (int width = 1; width <= 3; ++width) {
      EXPECT_EQ(cost_of(mpc, [&] { destinations(mpc, polder::bits(key, 0, width)); }).rounds,
                static_cast<std::uint64_t>(width) + 2);
    }
    const Arith chosen = mpc.to_arith(bit(key, 0));
    EXPECT_EQ(cost_of(mpc, [&] { chosen_first(mpc, chosen, {chosen, chosen}); }).rounds, 1u);
    EXPECT_EQ(cost_of(mpc, [&] { stable_partition(mpc, bit(key, 0), {key}); }).rounds, 7u);
  });
}

POLDER_EVERY_PROTOCOL(StablePartition);

}  // namespace
}  // namespace polder
