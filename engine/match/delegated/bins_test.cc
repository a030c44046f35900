#include "match/delegated/bins.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "base/error.h"
#include "match/index.h"
#include "match/testing/worlds.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::Bank;
using testing::bank_name;
using testing::BinnedBanks;
using testing::Oracle;
using testing::Party;
using testing::random_banks;

class Bins : public ::testing::TestWithParam<std::string> {
 protected:
  /// The asker learns exactly its own matching rows, and no empty place matches; how many matched.
  std::size_t expect_right(const std::vector<Bank>& banks, std::size_t asker,
                           std::uint64_t threshold, std::uint64_t min_flags) {
    std::array<std::vector<std::uint32_t>, 3> rows;
    const auto delivered = testing::run(GetParam(), [&](Party& party) {
      const BinnedBanks binned = testing::binned_banks(party, banks, asker, min_flags > 0);
      rows[static_cast<std::size_t>(party.role())] = binned.rows;
      const Bits matched =
          match_in_bins(party.mpc(), threshold, min_flags, binned.asker, binned.others);
      party.mpc().open(matched, Recipient{"asker", "rows"});  // safe: made-up data
    });
    const PlainBits& matched = delivered.bits.at("asker/rows");
    const Oracle oracle(banks);
    const MatchRequest request{.threshold = threshold, .min_flags = min_flags, .recipients = {}};
    std::size_t found = 0;
    for (std::size_t bin = 0; bin < rows[0].size(); ++bin) {
      const std::uint32_t row = rows[0][bin];
      const bool expected = row != no_row && oracle.matches(banks[asker].identifiers[row], request);
      EXPECT_EQ(matched.flag(bin), expected) << "bin " << bin << ", T = " << threshold;
      found += expected;
    }
    return found;
  }
};

TEST_P(Bins, AreRightForManyNumbersOfPartiesAndFlags) {
  for (const std::size_t t : {2, 3, 4, 12, 21, 64}) {
    const std::vector<Bank> banks = random_banks(t, 20, 40, static_cast<unsigned>(t));
    for (const std::uint64_t threshold : std::set<std::uint64_t>{2, (t + 1) / 2, t}) {
      if (threshold < 2) continue;
      for (const std::uint64_t min_flags : std::set<std::uint64_t>{0, 1, 2, t / 2, t}) {
        expect_right(banks, t / 2, threshold, min_flags);
      }
    }
  }
}

TEST_P(Bins, AreRightForUnlikeSizes) {
  for (const std::size_t n : {0, 1, 2, 3, 200}) {
    std::vector<Bank> banks = random_banks(3, 50, 70, static_cast<unsigned>(n));
    banks[0] = random_banks(1, n, n + 1, 9)[0];
    expect_right(banks, 0, 2, 1);
    expect_right(banks, 1, 2, 0);
    expect_right(banks, 2, 3, 1);
  }
  expect_right({{{}, {}}, {{}, {}}}, 0, 2, 1);
}

TEST_P(Bins, CountTheAskersOwnFlagAndNoneBelowTheThreshold) {
  const std::vector<Bank> banks{{{1, 2, 3, 4}, {1}}, {{1, 2}}, {{1, 3, 4, 5}, {3, 5}}};
  EXPECT_EQ(expect_right(banks, 0, 2, 1), 2u);
  EXPECT_EQ(expect_right(banks, 0, 3, 1), 1u);
  EXPECT_EQ(expect_right(banks, 0, 2, 2), 0u);
  EXPECT_EQ(expect_right({{{1}, {1}}, {{2}, {2}}, {{3}}}, 0, 2, 1), 0u);
}

TEST_P(Bins, RefuseWhatDoesNotFit) {
  testing::run(GetParam(), [&](Party& party) {
    const BinnedBanks binned = testing::binned_banks(party, random_banks(3, 5, 9, 1), 0, false);
    const auto run = [&](std::uint64_t threshold, std::uint64_t min_flags) {
      match_in_bins(party.mpc(), threshold, min_flags, binned.asker, binned.others);
    };
    EXPECT_THROW(run(1, 0), Error);
    EXPECT_THROW(run(4, 0), Error);
    EXPECT_THROW(run(2, 1), Error) << "no flags";
    EXPECT_THROW(run(2, 4), Error);
    EXPECT_THROW(match_in_bins(party.mpc(), 2, 0, {}, binned.others), Error);
    BinnedBanks cut = binned;
    cut.others[1].identifier = slice(cut.others[1].identifier, 0, 65);
    EXPECT_THROW(match_in_bins(party.mpc(), 2, 0, cut.asker, cut.others), Error);
  });
}

INSTANTIATE_TEST_SUITE_P(All, Bins, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

// Nothing is opened on the way, so every frame has a length that public sizes fix.
TEST(BinsView, FramesAreAlikeInAllWorlds) {
  const auto recorded = [](const std::vector<Bank>& banks) {
    return testing::record(5, Recording::Keep::lengths, [&](Party& party) {
      const BinnedBanks binned = testing::binned_banks(party, banks, 0, true);
      party.mpc().open(match_in_bins(party.mpc(), 3, 1, binned.asker, binned.others),
                       Recipient{"asker", "rows"});  // safe: made-up data
    });
  };
  const auto nobody_shares = recorded(random_banks(5, 60, 1'000'000, 0));
  for (unsigned seed = 1; seed <= 70; ++seed) {
    const auto other = recorded(random_banks(5, 60, 61 + seed, seed));
    for (std::size_t node = 0; node < 3; ++node) ASSERT_EQ(other[node], nobody_shares[node]);
  }
}

}  // namespace
}  // namespace polder
