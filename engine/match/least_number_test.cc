// What at_least counts. Oracle: its definition, row by row.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "match/match.h"
#include "match/testing/scenarios.h"

namespace polder {
namespace {

using testing::Bank;
using testing::bank_name;
using testing::random_banks;

class LeastNumber : public ::testing::TestWithParam<std::string> {
 protected:
  testing::Delivered answers(const std::vector<Bank>& banks, const MatchRequest& request) {
    return testing::run(GetParam(), [&](testing::Party& party) {
      match(party.mpc(), request, match_parties(party, banks, request.min_flags > 0),
            [](double, std::string_view) {});
    });
  }
  std::uint64_t opened(const std::vector<Bank>& banks, const MatchRequest& request,
                       const std::string& label) {
    return answers(banks, request).sums.at(label)[0];
  }
};

TEST_P(LeastNumber, ShowsNothingBelowTheLeastNumber) {
  const std::vector<Bank> banks{{{1, 2, 3}}, {{1, 2, 4}, {}, {10, 20, 30}}};
  for (const std::uint64_t at_least : {1, 2, 3}) {
    MatchRequest request{
        .threshold = 2, .min_flags = 0, .at_least = at_least, .recipients = {"bank0"}};
    const PlainBits rows = answers(banks, request).bits.at("bank0/rows");
    EXPECT_EQ(rows.rows(), at_least <= 2 ? (Words{1, 1, 0}) : (Words{0, 0, 0}));
    request.show = Show::count;
    EXPECT_EQ(opened(banks, request, "bank0/count"), at_least <= 2 ? 2u : 0u);
    request.show = Show::sum;
    EXPECT_EQ(opened(banks, request, "bank0/sum"), at_least <= 2 ? 30u : 0u);
    EXPECT_EQ(opened(banks, request, "bank0/having"), at_least <= 2 ? 2u : 0u);
  }
}

/// What counts towards at_least, from the definition.
class LeastOracle {
 public:
  LeastOracle(const std::vector<Bank>& banks, const MatchRequest& request)
      : banks_(banks), request_(request), oracle_(banks) {
    for (std::size_t i = 0; i < banks.size(); ++i) {
      if (std::ranges::count(request.recipients, bank_name(i)) > 0) continue;
      ++others_;
      for (const std::uint64_t id : banks[i].identifiers) ++holders_[id];
    }
  }

  bool counts(std::uint64_t id) const {
    const auto held = holders_.find(id);
    return held != holders_.end() && held->second >= std::min<std::uint64_t>(others_, 2);
  }
  bool matches(std::uint64_t id) const {
    return request_.show == Show::total || oracle_.matches(id, request_);
  }
  /// How many of these match, or none if too few of them count.
  std::uint64_t shown(const std::vector<std::uint64_t>& ids) const {
    std::uint64_t matching = 0, counting = 0;
    for (const std::uint64_t id : ids)
      matching += matches(id), counting += matches(id) && counts(id);
    return counting >= request_.at_least ? matching : 0;
  }
  std::vector<std::uint64_t> all() const {
    std::set<std::uint64_t> ids;
    for (const Bank& bank : banks_) ids.insert(bank.identifiers.begin(), bank.identifiers.end());
    return {ids.begin(), ids.end()};
  }

 private:
  const std::vector<Bank>& banks_;
  const MatchRequest& request_;
  const testing::Oracle oracle_;
  std::map<std::uint64_t, std::uint64_t> holders_;
  std::uint64_t others_ = 0;
};

TEST_P(LeastNumber, CountsTowardsTheLeastNumberWhatTwoOthersHold) {
  const std::vector<Bank> banks = random_banks(5, 20, 25, 11);
  for (const std::set<std::size_t>& learning : {std::set<std::size_t>{0}, {1, 3}, {0, 1, 2, 4}}) {
    for (const std::uint64_t threshold : {1, 2, 4}) {
      for (const std::uint64_t at_least : {1, 3, 5, 9}) {
        MatchRequest request{.threshold = threshold,
                             .min_flags = threshold == 2 ? 1u : 0u,
                             .at_least = at_least,
                             .recipients = {}};
        for (const std::size_t i : learning) request.recipients.push_back(bank_name(i));
        const auto rows = answers(banks, request);
        request.show = Show::count;
        request.recipients.push_back("regulator");
        const auto counts = answers(banks, request);
        const LeastOracle oracle(banks, request);
        for (const std::size_t i : learning) {
          const auto& ids = banks[i].identifiers;
          const std::uint64_t due = oracle.shown(ids);
          for (std::size_t r = 0; r < ids.size(); ++r) {
            EXPECT_EQ(rows.bits.at(bank_name(i) + "/rows").flag(r),
                      due > 0 && oracle.matches(ids[r]));
          }
          EXPECT_EQ(counts.sums.at(bank_name(i) + "/count")[0], due);
        }
        EXPECT_EQ(counts.sums.at("regulator/count")[0], oracle.shown(oracle.all()));
      }
    }
  }
}

TEST_P(LeastNumber, HoldsTheUnionToTheLeastNumber) {
  const std::vector<Bank> banks = random_banks(4, 30, 60, 3);
  for (const std::uint64_t at_least : {0, 1, 10, 20, 40, 1000}) {
    const MatchRequest request{.threshold = 1,
                               .min_flags = 0,
                               .show = Show::total,
                               .at_least = at_least,
                               .recipients = {"bank2", "regulator"}};
    const LeastOracle oracle(banks, request);
    EXPECT_EQ(opened(banks, request, "bank2/total"), oracle.shown(oracle.all()));
    EXPECT_EQ(opened(banks, request, "regulator/total"), oracle.shown(oracle.all()));
  }
}

// A requester and another bank hold the same ten decoys, so that ten rows match beside the one
// client of a third bank.
TEST_P(LeastNumber, DecoysOfARecipientAndOneMoreDoNotReachTheLeastNumber) {
  std::vector<Bank> banks{{{77}, {}, {0}}, {{}, {}, {}}, {{77, 5}, {}, {123'456, 9}}};
  for (std::uint64_t decoy = 1000; decoy < 1010; ++decoy) {
    for (const std::size_t i : {0, 1}) {
      banks[i].identifiers.push_back(decoy);
      banks[i].attribute.push_back(0);
    }
  }
  MatchRequest request{.threshold = 2, .min_flags = 0, .show = Show::sum, .recipients = {"bank0"}};
  EXPECT_EQ(opened(banks, request, "bank0/sum"), 123'456u) << "this is the attack";
  request.at_least = 10;
  EXPECT_EQ(opened(banks, request, "bank0/sum"), 0u);
  EXPECT_EQ(opened(banks, request, "bank0/having"), 0u);
  request.show = Show::mean;
  EXPECT_EQ(opened(banks, request, "bank0/mean"), 0u);
  request.show = Show::count;
  EXPECT_EQ(opened(banks, request, "bank0/count"), 0u);
  request.show = Show::total;
  EXPECT_EQ(opened(banks, request, "bank0/total"), 0u);
  request.show = Show::rows;
  EXPECT_EQ(answers(banks, request).bits.at("bank0/rows").rows(), Words(11, 0));
}

TEST_P(LeastNumber, RefusesALeastNumberThatNobodysRowsCouldReach) {
  const std::vector<Bank> banks{{{1}, {}, {5}}, {{1}}};
  MatchRequest request{
      .threshold = 2, .min_flags = 0, .at_least = 1, .recipients = {"bank0", "bank1"}};
  EXPECT_THROW(answers(banks, request), Error);
  request.recipients = {"bank0"};
  EXPECT_NO_THROW(answers(banks, request));
  request.show = Show::sum;
  EXPECT_THROW(answers(banks, request), Error) << "bank1 has no attribute";
  request.recipients = {"bank1"};
  EXPECT_NO_THROW(answers(banks, request));
}

INSTANTIATE_TEST_SUITE_P(All, LeastNumber, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
