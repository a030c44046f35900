// The delegated protocol gives, case by case, what the protocols among banks give: their table of
// cases is one.
#include "match/testing/peer_cases.h"

#include <gtest/gtest.h>

#include "match/testing/delegated_match.h"

namespace polder {
namespace {

using testing::PeerCase;

class DelegatedCases : public ::testing::TestWithParam<PeerCase> {};

TEST_P(DelegatedCases, AreRight) { testing::expect_right(testing::delegated_match, GetParam()); }

INSTANTIATE_TEST_SUITE_P(Named, DelegatedCases, ::testing::ValuesIn(testing::peer_cases()),
                         [](const ::testing::TestParamInfo<PeerCase>& one) {
                           return one.param.name;
                         });

}  // namespace
}  // namespace polder
