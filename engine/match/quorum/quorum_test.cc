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

PeerCase small() { return testing::every_threshold(3, true, 4)[1]; }

void expect_refused(const PeerCase& wrong, const std::string& why) {
  try {
    testing::run(quorum_match, wrong);
    FAIL() << "accepted, though " << why;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

TEST(Quorum, RefusesWhatIsWrongInTheAgreement) {
  PeerCase wrong = small();
  wrong.match.threshold = 4;
  expect_refused(wrong, "threshold is 4");
  wrong.match.threshold = 0;
  expect_refused(wrong, "threshold is 0");
  wrong = small();
  wrong.match.bounds[1] = 3;
  expect_refused(wrong, "at most 3");
  wrong = small();
  wrong.match.bounds.pop_back();
  expect_refused(wrong, "2 bounds");
  wrong = small();
  wrong.match.bounds.assign(3, std::uint64_t{1} << 22);
  expect_refused(wrong, "too large");
}

TEST(Quorum, RefusesAnIdentifierTwice) {
  PeerCase wrong = small();
  wrong.banks[2].identifiers[1] = wrong.banks[2].identifiers[0];
  expect_refused(wrong, "twice");
}

}  // namespace
}  // namespace polder
