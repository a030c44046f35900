// The protocol against the definition, case by case, under a key of 512 bits: insecure, and quick.
#include "match/paillier/paillier_match.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/peer_cases.h"

namespace polder {
namespace {

using testing::PeerCase;

template <BloomError error>
PeerAnswer insecure_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  return paillier_match_trial({.modulus = trial_modulus(512), .error = error}, parties, match,
                              table, progress);
}

class PaillierCases : public ::testing::TestWithParam<PeerCase> {};

TEST_P(PaillierCases, AreRight) {
  testing::expect_right(insecure_match<BloomError::whole_run>, GetParam());
}

std::string name_of(const ::testing::TestParamInfo<PeerCase>& info) { return info.param.name; }

constexpr testing::PeerCaseSizes sizes{.parties = 12, .rows = 100};
INSTANTIATE_TEST_SUITE_P(Named, PaillierCases, ::testing::ValuesIn(testing::peer_cases(sizes)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(EveryThreshold5, PaillierCases,
                         ::testing::ValuesIn(testing::every_threshold(5, true, 5)), name_of);
INSTANTIATE_TEST_SUITE_P(EveryThreshold4, PaillierCases,
                         ::testing::ValuesIn(testing::every_threshold(4, false, 5)), name_of);

PeerCase small() { return testing::every_threshold(3, true, 4)[1]; }

TEST(PaillierMatch, ThePublishedFiltersSayMoreThanIsHeld) {
  // 50 banks' worth of look-ups at 2^-7 each: the oracle of why the error is for a whole run.
  const PeerCase many = testing::disjoint(12, 100);
  const PeerAnswer published = testing::run(insecure_match<BloomError::published>, many);
  EXPECT_GT(std::ranges::count(published.rows, true), 0);
}

void expect_refused(const PeerCase& wrong, const std::string& why) {
  try {
    testing::run(insecure_match<BloomError::whole_run>, wrong);
    FAIL() << "accepted, though " << why;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

TEST(PaillierMatch, RefusesWhatIsWrongInTheAgreement) {
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
  wrong.match.asker = 3;
  expect_refused(wrong, "the asker is bank 3 of 3");
  wrong = small();
  wrong.match.bounds.assign(3, std::uint64_t{1} << 20);
  expect_refused(wrong, "use 'quorum'");
}

TEST(PaillierMatch, RefusesAnIdentifierTwice) {
  PeerCase wrong = small();
  wrong.banks[2].identifiers[1] = wrong.banks[2].identifiers[0];
  expect_refused(wrong, "twice");
}

}  // namespace
}  // namespace polder
