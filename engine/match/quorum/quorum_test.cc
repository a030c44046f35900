// The protocol against the definition, case by case.
#include "match/quorum/quorum.h"

#include <gtest/gtest.h>

#include "match/testing/peer_cases.h"

namespace polder {
namespace {

using testing::PeerCase;

class QuorumCases : public ::testing::TestWithParam<PeerCase> {};

TEST_P(QuorumCases, AreRight) { testing::expect_right(quorum_match, GetParam()); }

std::string name_of(const ::testing::TestParamInfo<PeerCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Named, QuorumCases, ::testing::ValuesIn(testing::peer_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(EveryThreshold7, QuorumCases,
                         ::testing::ValuesIn(testing::every_threshold(7, true)), name_of);
INSTANTIATE_TEST_SUITE_P(EveryThreshold8, QuorumCases,
                         ::testing::ValuesIn(testing::every_threshold(8, false)), name_of);

/// Three slices of the banks' rows, and two openings.
PeerAnswer in_slices(Parties& parties, const PeerMatch& match, const PeerTable& table,
                     const Progress& progress) {
  return quorum_match_sliced(parties, match, table, progress,
                             {.rows = 5, .least = 20, .bins_for_one_opening = 1});
}

TEST(Quorum, IsRightInSlicesAndWithTwoOpenings) {
  for (const bool flags : {true, false}) {
    const std::vector<PeerCase> cases = testing::every_threshold(4, flags);
    for (const std::size_t i : {1, 3}) testing::expect_right(in_slices, cases[i]);
    testing::expect_right(in_slices, testing::every_threshold(2, flags)[1]);
  }
}

TEST(Quorum, RefusesWhatIsWrongInTheAgreementOrATable) {
  testing::expect_wrong_agreements_refused(quorum_match);
  PeerCase wrong = testing::every_threshold(3, true, 4)[1];
  wrong.match.bounds.assign(3, std::uint64_t{1} << 31);
  testing::expect_refused(quorum_match, wrong, "too large");
}

}  // namespace
}  // namespace polder
