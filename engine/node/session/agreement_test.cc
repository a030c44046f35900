// Oracle: three honest nodes pass; a difference in any one field at any one node stops all three.
#include "node/session/agreement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "net/testing/memory_channel.h"

namespace polder {
namespace {

Terms good() {
  return {.session = "s", .plan = "p", .requester = "r", .handles = {"a", "b"}, .protocol = "rep3"};
}

/// What each of three nodes throws; empty if nothing.
std::array<std::string, 3> errors_of(const std::function<void(Mesh&)>& work) {
  MemoryRing ring;
  std::array<std::string, 3> errors;
  std::vector<std::jthread> threads;
  for (int role = 0; role < 3; ++role) {
    threads.emplace_back([&, role] {
      try {
        work(ring.mesh(role));
      } catch (const Error& error) {
        errors[static_cast<std::size_t>(role)] = error.what();
        ring.mesh(role).abort(error.code(), error.what());
      }
    });
  }
  threads.clear();
  return errors;
}

std::string find_in(const std::array<std::string, 3>& errors, std::string_view part) {
  std::string missing;
  for (std::size_t role = 0; role < 3; ++role) {
    if (errors[role].find(part) == std::string::npos) {
      missing += "node " + std::to_string(role) + ": '" + errors[role] + "' ";
    }
  }
  return missing;
}

TEST(Agreement, LetsEqualTermsPass) {
  const auto errors = errors_of([](Mesh& mesh) {
    agree(mesh, good());
    finish_together(mesh);
  });
  for (const std::string& error : errors) EXPECT_EQ(error, "");
}

TEST(Agreement, TakesTheLeastOfTheNodesLanes) {
  for (const std::array<std::uint8_t, 3> lanes :
       {std::array<std::uint8_t, 3>{1, 1, 1}, {8, 2, 64}, {3, 3, 2}, {5, 6, 7}}) {
    std::array<LaneTerms, 3> terms;
    errors_of([&](Mesh& mesh) {
      const auto role = static_cast<std::size_t>(mesh.role());
      terms[role] = agree_on_lanes(mesh, lanes[role]);
    });
    for (const LaneTerms& agreed : terms) {
      EXPECT_EQ(agreed.count, std::ranges::min(lanes));
      EXPECT_EQ(agreed.base, terms[0].base);
    }
  }
}

TEST(Agreement, NamesTheNodeWithLanesThatCannotBe) {
  for (const std::uint8_t lanes : {std::uint8_t{0}, std::uint8_t{65}, std::uint8_t{255}}) {
    const auto errors = errors_of([&](Mesh& mesh) {
      const bool bent = mesh.role() == 1;
      agree_on_lanes(mesh, bent ? lanes : std::uint8_t{2});
    });
    for (const std::size_t role : {0, 2})
      EXPECT_NE(errors[role].find("node 1"), std::string::npos) << errors[role];
  }
}

TEST(Agreement, NamesWhatDiffersAtEveryNode) {
  const std::pair<std::function<void(Terms&)>, std::string> bends[]{
      {[](Terms& t) { t.plan += "x"; }, "the plan"},
      {[](Terms& t) { t.requester = "R"; }, "the one who asks"},
      {[](Terms& t) { std::swap(t.handles[0], t.handles[1]); }, "the tables"},
      {[](Terms& t) { t.protocol = "clear"; }, "the protocol"},
  };
  for (const auto& [bend, part] : bends) {
    for (int odd = 0; odd < 3; ++odd) {
      const auto errors = errors_of([&](Mesh& mesh) {
        Terms terms = good();
        if (mesh.role() == odd) bend(terms);
        agree(mesh, terms);
      });
      EXPECT_EQ(find_in(errors, part), "") << "odd one: " << odd;
    }
  }
}

TEST(Agreement, TakesMemoryInOneOrderSoThatSessionsCannotLock) {
  // Each node has memory for one of two sessions; every interleaving must let both through.
  std::array<std::unique_ptr<Admission>, 3> memory;
  for (auto& node : memory) node = std::make_unique<Admission>(Admission::Limits{.bytes = 10});
  const auto session = [&] {
    return errors_of([&](Mesh& mesh) {
      Admission::Ticket ticket(*memory[static_cast<std::size_t>(mesh.role())], 10);
      admit(mesh, ticket);
      finish_together(mesh);
    });
  };
  for (int round = 0; round < 5; ++round) {
    std::array<std::array<std::string, 3>, 3> errors;
    {
      std::vector<std::jthread> sessions;
      for (auto& answer : errors) sessions.emplace_back([&] { answer = session(); });
    }
    for (const auto& answer : errors) EXPECT_EQ(answer, (std::array<std::string, 3>{}));
  }
}

TEST(Agreement, NoticesANodeThatGoesWhileWaitingForMemory) {
  Admission full({.bytes = 10});
  Admission::Ticket other(full, 10);
  ASSERT_TRUE(other.wait_for(std::chrono::milliseconds(0)));
  Admission free({.bytes = 10});
  const auto errors = errors_of([&](Mesh& mesh) {
    if (mesh.role() == 2) fail(Code::cancelled, "gone");
    Admission::Ticket ticket(mesh.role() == 0 ? full : free, 10);
    admit(mesh, ticket);
  });
  EXPECT_EQ(find_in(errors, "gone"), "");
}

}  // namespace
}  // namespace polder
