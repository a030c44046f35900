// Every number of parties: the published code was wrong for 12, 14, 18, 19 and from 21 on. And
// items that one bank too few holds, often enough to see a comparison that errs.
#include <gtest/gtest.h>

#include "match/paillier/paillier_match.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/peer_cases.h"

namespace polder {
namespace {

using testing::PeerCase;

PeerAnswer insecure_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  return paillier_match_trial({.modulus = trial_modulus(512)}, parties, match, table, progress);
}

class PaillierPartyCount : public ::testing::TestWithParam<PeerCase> {};

TEST_P(PaillierPartyCount, IsRight) { testing::expect_right(insecure_match, GetParam()); }

INSTANTIATE_TEST_SUITE_P(Parties, PaillierPartyCount,
                         ::testing::ValuesIn(testing::every_party_count()),
                         [](const ::testing::TestParamInfo<PeerCase>& one) {
                           return one.param.name;
                         });

// Ten thousand take minutes each.
TEST(Paillier, AnItemOneHolderShortNeverComesOut) {
  const std::size_t items = testing::long_run() ? 10'000 : 1'000;
  for (const auto& [parties, threshold] : {std::pair(4, 3), std::pair(5, 5)}) {
    testing::expect_right(insecure_match,
                          testing::one_holder_short(static_cast<std::size_t>(parties),
                                                    static_cast<std::uint64_t>(threshold), items));
  }
}

TEST(Paillier, NothingComesOutOfFiftyDisjointBanks) {
  testing::expect_right(insecure_match, testing::disjoint(50, testing::long_run() ? 200 : 20));
}

TEST(Paillier, AKeyOf2048BitsMadeByThreeBanksServesTwoMatches) {
  PeerCase one = testing::every_threshold(3, true, 5)[1];
  one.match.kept = testing::run(paillier_match, one).kept;
  EXPECT_EQ(one.match.kept.size(), 32U);
  testing::expect_right(paillier_match, one);
}

// Its modulus is one that anyone can read: to make one takes banks minutes.
TEST(Paillier, AKeyOf3072BitsServesAMatch) {
  PeerCase one = testing::every_threshold(3, true, 2)[1];
  one.match.kept.resize(48);
  to_words(trial_modulus(3072), one.match.kept);
  testing::expect_right(paillier_match_3072, one);
}

}  // namespace
}  // namespace polder
