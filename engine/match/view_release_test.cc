// What a node sees of a match. Given the shuffled rows' order, which is uniformly random whatever
// the data (docs/protocols/ sorting.md), every frame's length, order and every opened bit are
// fixed: scenarios that differ in all that must stay hidden, but not in that order, put frames of
// the same lengths on the connections. And what one node receives is uniform.
#include <gtest/gtest.h>

#include <array>

#include "match/testing/alike_scenarios.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::alike_request;
using testing::alike_scenario;
using testing::Bank;
using testing::Party;

std::array<Recording, 3> recorded(unsigned keys, const std::vector<Bank>& banks,
                                  const MatchRequest& request,
                                  Recording::Keep keep = Recording::Keep::lengths) {
  return testing::record(keys, keep, [&](Party& party) { match_alike(party, banks, request); });
}

TEST(View, FramesAreAlikeInTwoHundredScenarios) {
  for (const auto& [threshold, min_flags] : {std::pair(2, 1), std::pair(3, 2), std::pair(5, 0)}) {
    const MatchRequest request =
        alike_request(static_cast<std::uint64_t>(threshold), static_cast<std::uint64_t>(min_flags));
    const auto nobody_shares = recorded(7, alike_scenario(0, 0, 0), request);
    for (unsigned seed = 1; seed <= 70; ++seed) {
      const auto other = recorded(7, alike_scenario(seed, seed % 9, seed % 7 + 1), request);
      for (std::size_t node = 0; node < 3; ++node) {
        ASSERT_EQ(other[node], nobody_shares[node]) << "scenario " << seed << ", node " << node;
      }
    }
  }
}

/// p of a chi-square test over byte values is far from both ends; the run's keys are fixed, so this
/// never flickers.
void expect_uniform(std::span<const std::uint8_t> bytes) {
  std::array<double, 256> seen{};
  for (const std::uint8_t byte : bytes) seen[byte] += 1;
  const double expected = static_cast<double>(bytes.size()) / 256;
  double chi_square = 0;
  for (const double count : seen) chi_square += (count - expected) * (count - expected) / expected;
  EXPECT_GT(chi_square, 165);  // 255 degrees of freedom: p = 1 - 1e-6 …
  EXPECT_LT(chi_square, 371);  // … and 1e-6
}

TEST(View, ReceivedBytesAreUniformForExtremeScenarios) {
  for (const auto& banks : {alike_scenario(0, 0, 0), alike_scenario(0, 8, 8)}) {
    const auto seen = recorded(11, banks, alike_request(2, 1), Recording::Keep::bytes);
    for (const Recording& node : seen) expect_uniform(node.bytes(Recording::Direction::received));
  }
}

TEST(View, FreshKeysChangeEveryWord) {
  const auto first =
      recorded(1, alike_scenario(3, 4, 4), alike_request(2, 1), Recording::Keep::hashes);
  const auto second =
      recorded(2, alike_scenario(3, 4, 4), alike_request(2, 1), Recording::Keep::hashes);
  for (std::size_t node = 0; node < 3; ++node) {
    EXPECT_NE(first[node].hash(Recording::Direction::sent),
              second[node].hash(Recording::Direction::sent));
  }
}

}  // namespace
}  // namespace polder
