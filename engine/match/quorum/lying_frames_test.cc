// Banks whose frames have the wrong length, and banks that die: each frame of each kind of
// connection in turn. What frames of the right length may hold is quorum_fuzz.cc's.
#include <gtest/gtest.h>

#include <optional>

#include "base/error.h"
#include "match/quorum/quorum.h"
#include "match/testing/peer_cases.h"
#include "net/testing/faulty_channel.h"
#include "net/testing/memory_parties.h"

namespace polder {
namespace {

constexpr int banks = 3, requester = 0;

struct Route {
  int from, to;
};

/// Runs a case in which what goes one way is faulty; the frames that went.
std::uint64_t run_with(const Route& route, const FaultyChannel::Options& fault) {
  const testing::PeerCase one = testing::every_threshold(banks, true, 4)[1];
  PeerMatch match = one.match;
  match.requester = requester;
  std::uint64_t frames = 0;
  MemoryParties scenario(banks, {.silence = std::chrono::seconds(240)});
  run_parties(scenario, [&](Parties& parties) {
    const int self = parties.self();
    std::vector<Channel*> connections;
    for (int peer = 0; peer < banks; ++peer) {
      connections.push_back(peer == self ? nullptr : &parties.to(peer));
    }
    std::optional<FaultyChannel> faulty;
    if (self == route.from) {
      auto& connection = connections[static_cast<std::size_t>(route.to)];
      connection = &faulty.emplace(*connection, fault);
    }
    Parties lying(self, connections);
    const auto table = testing::peer_table(one.banks[static_cast<std::size_t>(self)], true);
    quorum_match(lying, match, table, [](double, std::string_view) {});
    if (self == route.from) frames = parties.to(route.to).traffic().frames_sent;
  });
  return frames;
}

void expect_ended(const Route& route, Fault fault, Code code) {
  constexpr std::uint64_t never = ~std::uint64_t{0};
  const std::uint64_t frames = run_with(route, {.fault = fault, .at_frame = never});
  ASSERT_GT(frames, 0U);
  for (std::uint64_t at = 0; at < frames; ++at) {
    try {
      run_with(route, {.fault = fault, .at_frame = at});
      ADD_FAILURE() << route.from << " to " << route.to << ", frame " << at << ": accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << "frame " << at << ": " << error.what();
    }
  }
}

class QuorumFrames : public ::testing::TestWithParam<Route> {};
INSTANTIATE_TEST_SUITE_P(Routes, QuorumFrames,
                         ::testing::Values(Route{1, requester}, Route{requester, 1}, Route{1, 2},
                                           Route{2, 1}),
                         [](const auto& each) {
                           return std::to_string(each.param.from) + "To" +
                                  std::to_string(each.param.to);
                         });

TEST_P(QuorumFrames, OfWrongLengthsAreCheating) {
  expect_ended(GetParam(), Fault::shorten, Code::cheating);
  expect_ended(GetParam(), Fault::lengthen, Code::cheating);
}

TEST_P(QuorumFrames, OfABankThatDiesEndTheRun) {
  expect_ended(GetParam(), Fault::hang_up, Code::peer_lost);
}

}  // namespace
}  // namespace polder
