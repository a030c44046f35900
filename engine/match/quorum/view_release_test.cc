// What each bank sees, in as many scenarios as it takes to meet a length that rarely differs.
#include <gtest/gtest.h>

#include "match/quorum/quorum.h"
#include "match/quorum/test_scenarios.h"
#include "match/testing/peer_views.h"

namespace polder {
namespace {

TEST(QuorumView, FramesAreAlikeInTwoHundredScenarios) {
  for (const auto& [threshold, flags] : {std::pair(3, true), std::pair(5, false)}) {
    const auto views = [&, t = static_cast<std::uint64_t>(threshold), f = flags](unsigned seed) {
      return testing::views(quorum_match, quorum::scenario(seed, t, f), Recording::Keep::lengths);
    };
    const auto first = views(1);
    for (unsigned seed = 2; seed <= 101; ++seed) {
      const auto other = views(seed);
      for (std::size_t bank = 0; bank < quorum::banks; ++bank) {
        ASSERT_EQ(other[bank], first[bank]) << "scenario " << seed << ", bank " << bank;
      }
    }
  }
}

}  // namespace
}  // namespace polder
