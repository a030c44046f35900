#include "match/delegated/bins.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <set>

#include "base/error.h"
#include "match/index.h"
#include "match/testing/scenarios.h"
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
  /// The requester learns exactly its own matching rows, and no empty slot matches; how many
  /// matched.
  std::size_t expect_right(const std::vector<Bank>& banks, std::size_t requester,
                           std::uint64_t threshold, std::uint64_t min_flags) {
    std::array<std::vector<std::uint32_t>, 3> rows;
    const auto delivered = testing::run(GetParam(), [&](Party& party) {
      const BinnedBanks binned = testing::binned_banks(party, banks, requester, min_flags > 0);
      rows[static_cast<std::size_t>(party.role())] = binned.rows;
      const BinConditions conditions{.threshold = threshold, .min_flags = min_flags};
      const Marks marks = match_in_bins(party.mpc(), conditions, binned.requester, binned.others);
      party.mpc().open(marks.matched, Recipient{"asker", "rows"});  // safe: made-up data
    });
    const PlainBits& matched = delivered.bits.at("asker/rows");
    const Oracle oracle(banks);
    const MatchRequest request{.threshold = threshold, .min_flags = min_flags, .recipients = {}};
    std::size_t found = 0;
    for (std::size_t bin = 0; bin < rows[0].size(); ++bin) {
      const std::uint32_t row = rows[0][bin];
      const bool expected =
          row != no_row && oracle.matches(banks[requester].identifiers[row], request);
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

TEST_P(Bins, CountTheRequestersOwnFlagAndNoneBelowTheThreshold) {
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
      const BinConditions conditions{.threshold = threshold, .min_flags = min_flags};
      match_in_bins(party.mpc(), conditions, binned.requester, binned.others);
    };
    const BinConditions two{.threshold = 2, .min_flags = 0};
    EXPECT_THROW(run(1, 0), Error);
    EXPECT_THROW(run(4, 0), Error);
    EXPECT_THROW(run(2, 1), Error) << "no flags";
    EXPECT_THROW(run(2, 4), Error);
    EXPECT_THROW(match_in_bins(party.mpc(), two, {}, binned.others), Error);
    BinnedBanks cut = binned;
    cut.others[1].identifier = slice(cut.others[1].identifier, 0, 65);
    EXPECT_THROW(match_in_bins(party.mpc(), two, cut.requester, cut.others), Error);
  });
}

TEST_P(Bins, CountTowardsTheLeastNumberWhatTwoOthersHold) {
  // 1 and 2 match, 2 alone is with two others; where there is one other, both count.
  const auto shown = [&](const std::vector<Bank>& banks, std::uint64_t at_least) {
    const MatchRequest request{.threshold = 2,
                               .min_flags = 0,
                               .show = Show::count,
                               .at_least = at_least,
                               .recipients = {"asker"}};
    return testing::run(GetParam(),
                        [&](Party& party) {
                          const BinnedBanks binned = testing::binned_banks(party, banks, 0, false);
                          match_for_one(party.mpc(), request, binned.requester, binned.others,
                                        [](double, std::string_view) {});
                        })
        .sums.at("asker/count")[0];
  };
  const std::vector<Bank> three{{{1, 2, 3}}, {{1, 2}}, {{2, 4}}};
  EXPECT_EQ(shown(three, 0), 2u);
  EXPECT_EQ(shown(three, 1), 2u);
  EXPECT_EQ(shown(three, 2), 0u);
  const std::vector<Bank> two{three[0], three[1]};
  EXPECT_EQ(shown(two, 2), 2u);
  EXPECT_EQ(shown(two, 3), 0u);
}

/// Few identifiers in slots drawn at random, as no honest client puts them.
struct AnySlots {
  std::vector<std::uint64_t> identifiers, flags;  // a slot; identifiers of one small word

  AnySlots(std::size_t slots, std::mt19937_64& draw) {
    for (std::size_t i = 0; i < slots; ++i) {
      identifiers.push_back(draw() % 4);
      flags.push_back(draw() % 2);
    }
  }
  BinnedTable shared(Party& party) const {
    return {.identifier = party.input_bits(identifiers, 60), .flag = party.input_bits(flags, 1)};
  }
};

// A table in bins may be run against one of any other number of bins, or of slots that no client
// would fill so. The answer about a bin is still a function of the requester's identifier in it and
// of where the others hold that one: what else lies there does not count.
TEST_P(Bins, AnswerOfAnySlotsByWhereTheRequestersIdentifierLies) {
  std::mt19937_64 draw(6);
  for (int run = 0; run < 60; ++run) {
    const std::size_t bins = 1 + draw() % 3, tables = 1 + draw() % 3;
    const AnySlots requester(bins, draw);
    std::vector<AnySlots> others;
    for (std::size_t i = 0; i < tables; ++i) others.emplace_back(bins * (1 + draw() % 40), draw);
    const BinConditions conditions{.threshold = 2 + draw() % tables,
                                   .min_flags = draw() % (tables + 2)};
    const auto delivered = testing::run(GetParam(), [&](Party& party) {
      std::vector<BinnedTable> shared;
      for (const AnySlots& other : others) shared.push_back(other.shared(party));
      const Marks marks = match_in_bins(party.mpc(), conditions, requester.shared(party), shared);
      party.mpc().open(marks.matched, Recipient{"asker", "rows"});  // safe: made-up data
    });
    for (std::size_t bin = 0; bin < bins; ++bin) {
      std::uint64_t holders = 0, flags = requester.flags[bin];
      for (const AnySlots& other : others) {
        std::uint64_t held = 0, flagged = 0;
        for (std::size_t slot = bin; slot < other.flags.size(); slot += bins) {
          const bool hit = other.identifiers[slot] == requester.identifiers[bin];
          held ^= hit, flagged ^= hit && other.flags[slot];
        }
        holders += held, flags += flagged;
      }
      EXPECT_EQ(delivered.bits.at("asker/rows").flag(bin),
                holders + 1 >= conditions.threshold && flags >= conditions.min_flags)
          << "run " << run << ", " << bins << " bins";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Bins, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

// Nothing is opened on the way, so every frame has a length that public sizes fix.
TEST(BinsView, FramesAreAlikeInAllScenarios) {
  const auto recorded = [](const std::vector<Bank>& banks) {
    return testing::record(5, Recording::Keep::lengths, [&](Party& party) {
      const BinnedBanks binned = testing::binned_banks(party, banks, 0, true);
      const BinConditions conditions{.threshold = 3, .min_flags = 1};
      const Marks marks = match_in_bins(party.mpc(), conditions, binned.requester, binned.others);
      party.mpc().open(marks.matched, Recipient{"asker", "rows"});  // safe: made-up data
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
