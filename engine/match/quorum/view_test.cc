// What each bank sees: the lengths and the order of its messages depend on nothing hidden, and what
// it receives is uniformly random, whatever the others hold.
#include <gtest/gtest.h>

#include <array>

#include "match/quorum/quorum.h"
#include "match/quorum/test_scenarios.h"
#include "match/testing/peer_cases.h"
#include "match/testing/peer_views.h"

namespace polder {
namespace {

using testing::PeerCase;

using quorum::banks;
using quorum::scenario;

void expect_alike(PeerProtocol* protocol, std::uint64_t threshold, bool flags, unsigned scenarios) {
  const auto first =
      testing::views(protocol, scenario(1, threshold, flags), Recording::Keep::lengths);
  for (unsigned seed = 2; seed <= scenarios; ++seed) {
    const auto other =
        testing::views(protocol, scenario(seed, threshold, flags), Recording::Keep::lengths);
    for (std::size_t bank = 0; bank < banks; ++bank) {
      ASSERT_EQ(other[bank], first[bank]) << "scenario " << seed << ", bank " << bank;
    }
  }
}

TEST(QuorumView, FramesAreAlikeInAllScenariosOfTheSamePublicSizes) {
  expect_alike(quorum_match, 3, true, 11);
  expect_alike(quorum_match, 5, false, 11);
}

/// How many rows fall into a slice does not show.
TEST(QuorumView, FramesAreAlikeInSlices) {
  const auto in_slices = [](Parties& parties, const PeerMatch& match, const PeerTable& table,
                            const Progress& progress) {
    return quorum_match_sliced(parties, match, table, progress,
                               {.rows = 20, .least = 1, .bins_for_one_opening = 1});
  };
  expect_alike(in_slices, 3, true, 5);
}

/// The lowest byte of every eight, frame by frame: uniform in packed bits and in field elements
/// alike. Frames of points of the group are left out: they are public keys, none of them secret.
std::array<double, 256> low_bytes(const Recording& view, std::size_t points) {
  std::array<double, 256> seen{};
  const Bytes& bytes = view.bytes(Recording::Direction::received);
  std::size_t at = 0;
  for (const auto& frame : view.frames()) {
    if (frame.direction != Recording::Direction::received) continue;
    if (frame.bytes != points && frame.bytes > 32) {
      for (std::size_t i = 0; i + 8 < frame.bytes; i += 8) seen[bytes[at + i]] += 1;
    }
    at += frame.bytes;
  }
  return seen;
}

TEST(QuorumView, ReceivedBytesAreUniformInExtremeScenarios) {
  // Nobody holds anything; all hold and flag the same; nobody shares.
  PeerCase empty = scenario(1, 3, true), same = scenario(2, 3, true), apart = scenario(3, 3, true);
  for (std::size_t i = 0; i < banks; ++i) {
    empty.banks[i] = {};
    same.banks[i] = same.banks[0];
    same.banks[i].flagged.insert(same.banks[i].identifiers.begin(),
                                 same.banks[i].identifiers.end());
    apart.banks[i].identifiers = {1000 + i, 2000 + i};
    apart.banks[i].flagged = {};
  }
  for (const PeerCase& extreme : {empty, same, apart}) {
    const auto views = testing::views(quorum_match, extreme, Recording::Keep::bytes);
    for (std::size_t bank = 0; bank < banks; ++bank) {
      if (bank == 1 && extreme.banks[1].identifiers.size() > 2) continue;  // sees its zeros
      const auto seen = low_bytes(views[bank], 4096);
      double total = 0, chi_square = 0;
      for (const double count : seen) total += count;
      for (const double count : seen) {
        chi_square += (count - total / 256) * (count - total / 256) / (total / 256);
      }
      EXPECT_GT(total, 500);
      EXPECT_LT(chi_square, 400) << "bank " << bank;  // 255 degrees of freedom: p = 1e-8
    }
  }
}

TEST(QuorumView, EveryRunIsFresh) {
  const auto one = testing::views(quorum_match, scenario(4, 3, true), Recording::Keep::hashes);
  const auto two = testing::views(quorum_match, scenario(4, 3, true), Recording::Keep::hashes);
  for (std::size_t bank = 0; bank < banks; ++bank) {
    EXPECT_NE(one[bank].hash(Recording::Direction::sent),
              two[bank].hash(Recording::Direction::sent));
  }
}

}  // namespace
}  // namespace polder
