// For tests: two banks with tables at three nodes, plans on them, and who should learn what. Oracle
// for results: plain sets.
#pragma once

#include <map>

#include "node/testing/three_nodes.h"

namespace polder::testing {

/// Two banks with tables, on nodes that all tests of this file share: starting them is the slow
/// part, and every test leaves them as it found them.
class TwoBanks : public ::testing::Test {
 protected:
  struct Scenario {
    ThreeNodes nodes;
    Organisation a{.name = "Bank A"}, b{.name = "Bank B"};
    ClientTable clients_a, clients_b;
    std::string table_a, table_b;

    Scenario() {
      for (std::uint64_t i = 0; i < 300; ++i) {
        clients_a.ids.push_back(1000 + i);
        clients_a.flags.push_back(i % 7 == 0);
        clients_b.ids.push_back(1200 + i);
        clients_b.flags.push_back(i % 5 == 0);
      }
      nodes.admit(a);
      nodes.admit(b);
      table_a = uploaded(a, clients_a);
      table_b = uploaded(b, clients_b);
    }
    std::string uploaded(const Organisation& owner, const ClientTable& table) {
      const Upload upload(nodes, owner, table);
      upload.send_all();
      return upload.handle();
    }
  };

  static void TearDownTestSuite() { scenario_.reset(); }

  Scenario& scenario() {
    if (!scenario_) scenario_ = std::make_unique<Scenario>();
    return *scenario_;
  }
  ThreeNodes& nodes() { return scenario().nodes; }
  const Organisation& a() { return scenario().a; }
  const Organisation& b() { return scenario().b; }

  json::object plan(std::uint64_t threshold = 2, std::uint64_t min_flags = 1) {
    return {{"kind", "match"},
            {"tables", {scenario().table_a, scenario().table_b}},
            {"parties", {"Bank A", "Bank B"}},
            {"threshold", threshold},
            {"min_flags", min_flags},
            {"to", {"Bank A", "Bank B"}},
            {"show", "rows"}};
  }

  HttpsAnswer start(std::size_t role, const std::string& id, const json::object& plan,
                    std::uint64_t deadline_ms = 60'000) {
    const json::object body{{"session", id}, {"plan", plan}, {"deadline_ms", deadline_ms}};
    return nodes().signed_ask(role, a().sign, "POST", "/v1/sessions", canonical(body));
  }
  std::string started(const json::object& plan, std::uint64_t deadline_ms = 60'000) {
    const std::string id = random_hex(16);
    for (std::size_t role = 0; role < 3; ++role) {
      const HttpsAnswer answer = start(role, id, plan, deadline_ms);
      EXPECT_EQ(answer.status, 202) << answer.body;
    }
    return id;
  }

  void wait_until_it_runs(std::size_t role, const std::string& id) {
    while (body_of(nodes().get(role, "/v1/sessions/" + id)).at("state") == "waiting")
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }

  /// The session once it ended there.
  json::object ended(std::size_t role, const std::string& id) {
    for (int i = 0; i < 12; ++i) {
      const json::object seen = body_of(nodes().get(role, "/v1/sessions/" + id + "?wait_ms=10000"));
      if (seen.at("state") != "waiting" && seen.at("state") != "running") return seen;
    }
    ADD_FAILURE() << "session does not end at node " << role;
    return {};
  }

  /// The recipient's rows from three nodes' sealed shares.
  std::vector<bool> rows(const std::string& id, const Organisation& to) {
    std::vector<Bits> shares;
    for (std::size_t role = 0; role < 3; ++role) {
      const HttpsAnswer answer =
          nodes().get(role, "/v1/sessions/" + id + "/results/" +
                                (to.name == "Bank A" ? "Bank%20A" : "Bank%20B"));
      EXPECT_EQ(answer.status, 200) << answer.body;
      const ResultShares result = decode_result(to.receive.open(as_bytes(answer.body)));
      EXPECT_EQ(to_hex(result.session), id);
      EXPECT_EQ(result.role, static_cast<int>(role));
      EXPECT_NE(result.run.find("\"requester\":\"Bank A\""), std::string::npos) << result.run;
      EXPECT_EQ(result.columns.at(0).label, "rows");
      shares.push_back(std::get<Bits>(result.columns.at(0).shares));
    }
    const PlainBits open = reconstruct(std::span<const Bits, 3>(shares));
    std::vector<bool> bits;
    for (std::size_t i = 0; i < open.size(); ++i) bits.push_back(open.flag(i));
    return bits;
  }

  std::vector<bool> expected(const ClientTable& own, const ClientTable& other,
                             std::size_t min_flags) {
    std::map<std::uint64_t, std::pair<std::size_t, std::size_t>> counts;  // holders, flags
    for (const ClientTable* table : {&own, &other}) {
      for (std::size_t i = 0; i < table->ids.size(); ++i) {
        auto& [holders, flags] = counts[table->ids[i]];
        ++holders;
        flags += table->flags[i] ? 1 : 0;
      }
    }
    std::vector<bool> bits;
    for (const std::uint64_t id : own.ids) {
      bits.push_back(counts[id].first >= 2 && counts[id].second >= min_flags);
    }
    return bits;
  }

  void expect_right(const std::string& id, std::size_t min_flags) {
    for (std::size_t role = 0; role < 3; ++role) {
      const json::object seen = ended(role, id);
      ASSERT_EQ(seen.at("state"), "done") << json::serialize(seen);
    }
    EXPECT_EQ(rows(id, a()), expected(scenario().clients_a, scenario().clients_b, min_flags));
    EXPECT_EQ(rows(id, b()), expected(scenario().clients_b, scenario().clients_a, min_flags));
  }

  static inline std::unique_ptr<Scenario> scenario_;
};

}  // namespace polder::testing
