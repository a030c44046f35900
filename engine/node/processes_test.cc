// What three polderd processes do when one is killed or told to stop, and what they write down.
#include <sstream>

#include "node/testing/two_banks.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary

class Processes : public TwoBanks {};

TEST_F(Processes, SayWithinTenSecondsThatANodeWasKilledAndServeAgainWithinFive) {
  ClientTable large;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    large.ids.push_back(i);
    large.flags.push_back(i % 3 == 0);
  }
  json::object slow = plan();
  slow["tables"] = {scenario().uploaded(a(), large), scenario().uploaded(b(), large)};
  for (const std::size_t victim : {0, 1, 2}) {
    const std::string id = started(slow);
    wait_until_it_runs(victim, id);
    const auto killed = std::chrono::steady_clock::now();
    nodes().process(victim).end(SIGKILL);
    for (std::size_t role = 0; role < 3; ++role) {
      if (role == victim) continue;
      const json::object seen = ended(role, id);
      EXPECT_EQ(seen.at("state"), "failed") << json::serialize(seen);
      EXPECT_NE(json::serialize(seen.at("error")).find("node"), std::string::npos);
      EXPECT_EQ(nodes().get(role, "/v1/sessions/" + id + "/results/Bank%20A").status, 404);
    }
    const std::chrono::duration<double> told = std::chrono::steady_clock::now() - killed;
    EXPECT_LT(told.count(), within(10));
    nodes().start(victim);
    EXPECT_LT(nodes().wait_until_up(victim), within(5));
    const json::object lost = ended(victim, id);
    EXPECT_EQ(lost.at("state"), "failed");
    EXPECT_EQ(lost.at("error").at("code"), "peer_lost");
    expect_right(started(plan()), 1);
  }
}

TEST_F(Processes, StopWhenAskedAndWaitForNoSession) {
  const std::string id = random_hex(16);
  start(1, id, plan());
  start(2, id, plan());  // both wait for node 0
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(nodes().process(1).end(SIGTERM), 0);
  const std::chrono::duration<double> stopped = std::chrono::steady_clock::now() - begin;
  nodes().start(1);
  EXPECT_LT(stopped.count(), within(2));
  nodes().wait_until_up(1);
  EXPECT_EQ(ended(1, id).at("state"), "failed");
  expect_right(started(plan()), 1);
}

TEST_F(Processes, KeepSecretsOutOfTheirLogsAndFiles) {
  expect_right(started(plan()), 1);
  for (const std::size_t role : {0, 1, 2}) {
    const std::string log = nodes().log(role);
    EXPECT_NE(log.find("\"event\":\"session_ended\""), std::string::npos);
    EXPECT_NE(log.find("\"requester\":\"Bank A\""), std::string::npos) << "who asked for what";
    for (const Organisation* const bank : {&a(), &b()}) {
      EXPECT_EQ(log.find(to_hex(bank->sign.seed())), std::string::npos);
    }
    EXPECT_NE(log.find("\"about\":\"Bank A\""), std::string::npos) << "who was admitted";
    const std::string key = file_contents(nodes().path(role) / "node.key");
    EXPECT_EQ(log.find(key.substr(30, 20)), std::string::npos);
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) parse_object(line, line);
  }
}

}  // namespace
}  // namespace polder
