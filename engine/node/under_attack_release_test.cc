// Three nodes on loopback while one address keeps 1,000 connections open without a word, sends
// heads of 200 bodies that never come, and a member posts 500 sessions to one node alone: honest
// members are served as ever. Bounded: some seconds, this machine alone.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "node/testing/two_banks.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary

class UnderAttack : public TwoBanks {
 protected:
  using Seconds = std::chrono::duration<double>;

  template <typename Work>
  static double seconds_of(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return Seconds(std::chrono::steady_clock::now() - begin).count();
  }
  /// The machine may be busy with other work: the shortest of several says what it takes.
  template <typename Work>
  static double shortest_of(int times, Work work) {
    double least = 1e9;
    for (int i = 0; i < times; ++i) least = std::min(least, seconds_of(work));
    return least;
  }

  std::uint64_t resident_kb(std::size_t role) {
    std::ifstream status("/proc/" + std::to_string(nodes().process(role).id()) + "/status");
    for (std::string connection; std::getline(status, connection);) {
      if (connection.starts_with("VmRSS:")) return std::stoull(connection.substr(6));
    }
    return 0;
  }

  Socket connected(std::size_t role) {
    CancellationToken cancellation;
    return connect_to(nodes().network().nodes[role].api, std::chrono::seconds(10), cancellation);
  }

  void match() { expect_right(started(plan()), 1); }
};

TEST_F(UnderAttack, HonestMembersAreServedAsEver) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &files);

  const Organisation crowd{.name = "Crowd"};
  nodes().admit(crowd);
  const std::string own = scenario().uploaded(crowd, {{1, 2}, {true, false}});
  match();  // warm
  const double alone = shortest_of(5, [&] { match(); });
  std::array<std::uint64_t, 3> memory_before{}, log_before{};
  for (std::size_t role = 0; role < 3; ++role) {
    memory_before[role] = resident_kb(role);
    log_before[role] = nodes().log(role).size();
  }

  const auto begin = std::chrono::steady_clock::now();
  std::vector<Socket> silent;
  for (int i = 0; i < 1000; ++i) silent.push_back(connected(0));
  int bodies_refused = 0;
  std::vector<std::unique_ptr<HttpsConnection>> slow;
  for (int i = 0; i < 200; ++i) {
    auto connection = std::make_unique<HttpsConnection>(nodes().port(0));
    connection->send("PUT /v1/uploads/" + std::string(32, '0') +
                     "/chunks/0 HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\nx");
    bodies_refused += connection->receive().status == 400;
    slow.push_back(std::move(connection));
  }
  json::object foreign = plan();
  foreign["tables"] = {own, scenario().table_b};
  foreign["parties"] = {"Crowd", "Bank B"};
  foreign["to"] = json::array{"Crowd"};
  int sessions_refused = 0;
  for (int i = 0; i < 500; ++i) {
    const json::object body{
        {"session", random_hex(16)}, {"plan", foreign}, {"deadline_ms", 24 * 3600 * 1000}};
    sessions_refused +=
        nodes().signed_ask(0, crowd.sign, "POST", "/v1/sessions", canonical(body)).status == 503;
  }
  for (int i = 0; i < 1000; ++i) silent.push_back(connected(0));  // they come back
  const double under = shortest_of(5, [&] { match(); });
  double request = 1e9;
  for (std::size_t role = 0; role < 3; ++role) {
    request = std::min(request, shortest_of(5, [&] {
                         EXPECT_EQ(ask(nodes().port(role), "GET", "/v1/info").status, 200);
                       }));
  }
  const Seconds lasted = std::chrono::steady_clock::now() - begin;

  EXPECT_EQ(bodies_refused, 200);
  EXPECT_GT(sessions_refused, 300);
  EXPECT_LE(under, 2 * alone + 0.05);
  EXPECT_LE(request, within(0.1));
  for (std::size_t role = 0; role < 3; ++role) {
    EXPECT_LE(resident_kb(role), memory_before[role] + 64 * 1024) << "node " << role;
    const double minutes = std::max(lasted.count() / 60, 0.1);
    EXPECT_LE(static_cast<double>(nodes().log(role).size() - log_before[role]), minutes * 1e6);
  }
  std::printf(
      "match alone %.3f s, under attack %.3f s; a request %.1f ms; %d bodies and %d sessions "
      "refused; "
      "memory grew by %ld, %ld and %ld KB; %.0f s\n",
      alone, under, 1000 * request, bodies_refused, sessions_refused,
      static_cast<long>(resident_kb(0) - memory_before[0]),
      static_cast<long>(resident_kb(1) - memory_before[1]),
      static_cast<long>(resident_kb(2) - memory_before[2]), lasted.count());
}

}  // namespace
}  // namespace polder
