// Every number of parties: published code was wrong from t = 12 on. And items that one bank too few
// holds, often enough to see an error of one in ten thousand.
#include <gtest/gtest.h>

#include "match/quorum/quorum.h"
#include "match/testing/peer_cases.h"

namespace polder {
namespace {

using testing::PeerCase;

class EveryPartyCount : public ::testing::TestWithParam<PeerCase> {};

TEST_P(EveryPartyCount, IsRight) { testing::expect_right(quorum_match, GetParam()); }

INSTANTIATE_TEST_SUITE_P(Parties, EveryPartyCount,
                         ::testing::ValuesIn(testing::every_party_count()),
                         [](const ::testing::TestParamInfo<PeerCase>& one) {
                           return one.param.name;
                         });

TEST(OneHolderShort, NeverComesOutOfTenThousand) {
  for (const auto& [parties, threshold] : {std::pair(5, 3), std::pair(5, 5)}) {
    testing::expect_right(quorum_match,
                          testing::one_holder_short(static_cast<std::size_t>(parties),
                                                    static_cast<std::uint64_t>(threshold), 10'000));
  }
}

TEST(Disjoint, NothingComesOutOfFiftyBanks) {
  testing::expect_right(quorum_match, testing::disjoint(50, 200));
}

}  // namespace
}  // namespace polder
