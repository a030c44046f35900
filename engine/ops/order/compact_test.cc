#include "ops/order/compact.h"

#include <algorithm>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

/// Random, all, none.
std::vector<Values> flags(std::size_t n) {
  std::mt19937_64 draw(n);
  Values random(n);
  for (auto& flag : random) flag = draw() & 1;
  return {random, Values(n, 1), Values(n, 0)};
}

/// The oracle: rows whose flag is `wanted`.
Values rows_with(const Values& values, const Values& flag, std::uint64_t wanted) {
  Values found;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (flag[i] == wanted) found.push_back(values[i]);
  }
  return found;
}

class Compact : public testing::Operator {};

TEST_P(Compact, PutsValidRowsFirst) {
  for (const std::size_t n : testing::edge_sizes) {
    const Values x = testing::sample(n, 64, 1), y = testing::sample(n, 9, 2);
    for (const Values& valid : flags(n)) {
      Values expected_x = rows_with(x, valid, 1), expected_y = rows_with(y, valid, 1);
      Values expected_valid(expected_x.size(), 1);
      expected_valid.resize(n, 0);
      std::ranges::copy(rows_with(x, valid, 0), std::back_inserter(expected_x));
      std::ranges::copy(rows_with(y, valid, 0), std::back_inserter(expected_y));
      testing::run(GetParam(), [&](Party& party) {
        const Compacted rows = compact(party.mpc(), party.input_bits(valid, 1),
                                       {party.input(x), party.input_bits(y, 9)});
        EXPECT_EQ(opened(party, rows.columns[0]), expected_x);
        EXPECT_EQ(opened(party, rows.columns[1]), expected_y);
        EXPECT_EQ(opened(party, rows.valid), expected_valid);
      });
    }
  }
}

TEST_P(Compact, OpensTheCountAndDropsTheRest) {
  for (const std::size_t n : testing::edge_sizes) {
    const Values x = testing::sample(n, 64, 3), y = testing::sample(n, 9, 4);
    for (const Values& valid : flags(n)) {
      testing::run(GetParam(), [&](Party& party) {
        const auto rows = compact_open(party.mpc(), party.input_bits(valid, 1),
                                       {party.input(x), party.input_bits(y, 9)});
        EXPECT_EQ(opened(party, rows[0]), rows_with(x, valid, 1));
        EXPECT_EQ(opened(party, rows[1]), rows_with(y, valid, 1));
      });
    }
  }
}

TEST_P(Compact, OpensTheCountAndForgetsTheOrder) {
  const std::size_t n = 1000;
  Values number(n);
  for (std::size_t i = 0; i < n; ++i) number[i] = i;
  for (const Values& valid : flags(n)) {
    const Values expected = rows_with(number, valid, 1);
    testing::run(GetParam(), [&](Party& party) {
      const auto rows =
          compact_open(party.mpc(), party.input_bits(valid, 1),
                       {party.input(number), party.input_bits(number, 10)}, Arrangement::random);
      Values found = opened(party, rows[0]);
      EXPECT_EQ(found, opened(party, rows[1]));
      if (!expected.empty()) {
        EXPECT_NE(found, expected);
      }
      std::ranges::sort(found);
      EXPECT_EQ(found, expected);
    });
  }
}

TEST_P(Compact, TakesTheRoundsItStates) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  testing::run(GetParam(), [&](Party& party) {
    Protocol& mpc = party.mpc();
    const Bits valid = party.input_bits(flags(1000)[0], 1);
    EXPECT_EQ(cost_of(mpc, [&] { compact(mpc, valid, {valid}); }).rounds, 7u);
    EXPECT_EQ(cost_of(mpc, [&] { compact_open(mpc, valid, {valid}); }).rounds, 7u);
    EXPECT_EQ(cost_of(mpc, [&] { compact_open(mpc, valid, {valid}, Arrangement::random); }).rounds,
              4u);
  });
}

POLDER_EVERY_PROTOCOL(Compact);

}  // namespace
}  // namespace polder
