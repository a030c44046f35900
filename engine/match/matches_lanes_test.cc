// A match and one in bins on nodes of 3 and 8 lanes: as the oracle says.
#include <gtest/gtest.h>

#include <numeric>

#include "match/index.h"
#include "match/testing/scenarios.h"

namespace polder {
namespace {

using namespace testing;

class MatchLanes : public ::testing::TestWithParam<std::size_t> {
 protected:
  /// Three banks that in all have a block of rows for each lane, and some more.
  const std::vector<Bank> banks_ = random_banks(3, GetParam() * 10'923, GetParam() * 15'000, 1);
  const MatchRequest request_{.threshold = 2, .min_flags = 1, .recipients = {bank_name(0)}};

  PlainBits matched(const std::function<void(Party&)>& work) const {
    return run(rep3_on_lanes(GetParam()), work).bits.at(bank_name(0) + "/rows");
  }
  /// `rows`: whose rows the answers are.
  void expect_right(const PlainBits& matched, const std::vector<std::uint32_t>& rows) const {
    const Oracle oracle(banks_);
    const auto& identifiers = banks_[0].identifiers;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool due = rows[i] != no_row && oracle.matches(identifiers[rows[i]], request_);
      ASSERT_EQ(matched.flag(i), due) << i;
    }
  }
};

void ignore(double, std::string_view) {}

TEST_P(MatchLanes, MatchAsTheOracle) {
  std::vector<std::uint32_t> rows(banks_[0].identifiers.size());
  std::iota(rows.begin(), rows.end(), 0u);
  expect_right(matched([&](Party& party) {
                 match(party.mpc(), request_, match_parties(party, banks_, true), ignore);
               }),
               rows);
}

TEST_P(MatchLanes, MatchInBinsAsTheOracle) {
  std::array<std::vector<std::uint32_t>, 3> rows;
  const PlainBits answers = matched([&](Party& party) {
    BinnedBanks binned = binned_banks(party, banks_, 0, true);
    match_for_one(party.mpc(), request_, binned.requester, binned.others, ignore);
    rows[static_cast<std::size_t>(party.role())] = std::move(binned.rows);
  });
  expect_right(answers, rows[0]);
}

INSTANTIATE_TEST_SUITE_P(All, MatchLanes, ::testing::Values(3, 8),
                         [](const auto& test) { return "lanes_" + std::to_string(test.param); });

}  // namespace
}  // namespace polder
