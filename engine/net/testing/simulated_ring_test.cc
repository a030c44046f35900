#include "net/testing/simulated_ring.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/error.h"

namespace polder {
namespace {

using Trouble = SimulatedRing::Trouble;
using How = SimulatedRing::End::How;

constexpr std::uint64_t rounds = 40;

/// Each node passes numbers round and adds up what it hears: it ends with as many as all three say.
std::uint64_t talk(Mesh& mesh) {
  std::uint64_t sum = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::uint64_t own = 3 * round + static_cast<std::uint64_t>(mesh.role());
    std::uint64_t heard = 0;
    exchange(mesh.next(), {&own, 1}, mesh.prev(), std::span(&heard, 1));
    sum += heard;
  }
  return sum;
}

struct Conversation {
  explicit Conversation(std::uint64_t seed) : ring({.seed = seed, .steps = 2 * rounds}) {
    ends = ring.run([&](Mesh& mesh) { sums[static_cast<std::size_t>(mesh.role())] = talk(mesh); });
  }
  SimulatedRing ring;
  std::array<std::uint64_t, 3> sums{};
  std::array<SimulatedRing::End, 3> ends;
};

std::uint64_t expected_sum(std::size_t role) {
  return 3 * rounds * (rounds - 1) / 2 + rounds * ((role + 2) % 3);
}

TEST(SimulatedRing, RepeatsARunBitForBit) {
  std::set<std::string> different;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Conversation first(seed), second(seed);
    ASSERT_EQ(first.ring.events(), second.ring.events()) << "seed " << seed;
    ASSERT_EQ(first.ring.now(), second.ring.now());
    for (std::size_t role = 0; role < 3; ++role) {
      ASSERT_EQ(first.ends[role].message, second.ends[role].message);
    }
    different.insert(first.ring.events());
  }
  EXPECT_EQ(different.size(), 50u) << "each seed its own run";
}

// Every trouble comes, strikes, and has the end that the real connections give it; nobody waits for
// ever.
TEST(SimulatedRing, EndsAsRealConnectionsDo) {
  const std::map<Trouble, std::set<Code>> allowed{
      {Trouble::none, {}},
      {Trouble::slow, {}},
      {Trouble::stalls, {Code::timed_out, Code::peer_lost, Code::peer_aborted}},
      {Trouble::cut, {Code::peer_lost, Code::peer_aborted}},
      {Trouble::deaf, {Code::timed_out, Code::peer_lost, Code::peer_aborted}},
      {Trouble::dies, {Code::peer_lost, Code::peer_aborted}},
      {Trouble::repeats, {Code::cheating, Code::peer_lost, Code::peer_aborted}},
      {Trouble::swaps, {Code::cheating, Code::peer_lost, Code::peer_aborted, Code::timed_out}}};
  std::map<Trouble, std::set<Code>> seen;
  std::map<Trouble, int> wells;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Conversation run(seed);
    const Trouble trouble = run.ring.trouble();
    seen.try_emplace(trouble);
    for (std::size_t role = 0; role < 3; ++role) {
      const SimulatedRing::End& end = run.ends[role];
      if (end.how == How::well) {
        ++wells[trouble];
        ASSERT_EQ(run.sums[role], expected_sum(role)) << "seed " << seed;
      }
      if (end.how == How::error) {
        ASSERT_TRUE(allowed.at(trouble).contains(end.code)) << "seed " << seed << end.message;
        seen[trouble].insert(end.code);
      }
      ASSERT_TRUE(end.how != How::died || trouble == Trouble::dies);
    }
    ASSERT_LT(run.ring.now(), std::chrono::minutes(12)) << "seed " << seed;
  }
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(SimulatedRing::troubles));
  for (const auto& [trouble, codes] : allowed) {
    EXPECT_EQ(seen[trouble].empty(), codes.empty()) << name(trouble);
  }
  EXPECT_GT(wells[Trouble::none], 0);
  EXPECT_GT(wells[Trouble::slow], 0);
  EXPECT_GT(wells[Trouble::stalls], 0) << "one that ends before anybody gives up";
}

TEST(SimulatedRing, PassesOnWhyANodeStopped) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SimulatedRing ring({.seed = seed, .steps = 1'000'000});  // the trouble comes after the end
    const auto ends = ring.run([](Mesh& mesh) {
      if (mesh.role() == 1) fail(Code::bad_input, "a wrong table");
      talk(mesh);
    });
    EXPECT_EQ(ends[1].code, Code::bad_input);
    for (const std::size_t role : {std::size_t{0}, std::size_t{2}}) {
      EXPECT_EQ(ends[role].code, Code::peer_aborted);
      EXPECT_NE(ends[role].message.find("a wrong table"), std::string::npos) << ends[role].message;
    }
  }
}

TEST(SimulatedRing, HoldsEachFrameToItsLength) {
  SimulatedRing ring({.seed = 1, .steps = 1'000'000});
  const auto ends = ring.run([](Mesh& mesh) {
    std::uint64_t words[2] = {1, 2};
    mesh.next().send_words(std::span(words, mesh.role() == 0 ? 1u : 2u));
    mesh.prev().receive_words(words);
  });
  EXPECT_EQ(ends[1].code, Code::cheating);
}

}  // namespace
}  // namespace polder
