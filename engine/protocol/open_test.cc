// One column opened to several recipients: each gets its rows, and nothing of those beside them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "protocol/testing/every_protocol.h"

namespace polder {
namespace {

using testing::Party;
using Values = std::vector<std::uint64_t>;

class Open : public ::testing::TestWithParam<std::string> {};

TEST_P(Open, GivesEachRecipientItsRowsAlone) {
  const std::size_t n = 70'001;
  std::mt19937_64 draw(1);
  Values numbers(n), flags(n);
  for (std::size_t i = 0; i < n; ++i) numbers[i] = draw(), flags[i] = draw() & 1;
  const std::vector<Portion> portions{{{"first", "x"}, 0, 3},
                                      {{"wide", "x"}, 1, 70'000},
                                      {{"last", "x"}, n - 1, 1},
                                      {{"nobody", "x"}, n, 0}};

  const auto delivered = testing::run(GetParam(), [&](Party& party) {
    party.mpc().open(party.input(numbers), portions);        // safe: made-up data
    party.mpc().open(party.input_bits(flags, 1), portions);  // safe: made-up data
    const Bits& shares = party.outbox().bits.at("first/x");
    for (int c = 0; c < shares.components(); ++c)
      EXPECT_EQ(shares.component(c)[0] >> 3, 0u) << "the rows behind its last";
  });

  for (const auto& [to, first, count] : portions) {
    const auto rows_of = [first = first, count = count](const Values& all) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
      return Values(begin, begin + static_cast<std::ptrdiff_t>(count));
    };
    EXPECT_TRUE(std::ranges::equal(delivered.sums.at(to.name + "/x"), rows_of(numbers)));
    EXPECT_TRUE(std::ranges::equal(delivered.bits.at(to.name + "/x").rows(), rows_of(flags)));
  }
  for (const Costs& costs : delivered.costs)
    EXPECT_EQ(costs.rounds, GetParam() == "cleartext" ? 0u : 2u);
}

INSTANTIATE_TEST_SUITE_P(All, Open, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
