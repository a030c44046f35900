// Three polderd processes and a client. Oracle for results: plain sets in this file.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "base/error.h"
#include "node/testing/three_nodes.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary
using std::chrono::milliseconds;

/// Two banks with tables, on nodes that all tests of this file share: starting them is the slow
/// part, and every test leaves them as it found them.
class Nodes : public ::testing::Test {
 protected:
  struct World {
    ThreeNodes nodes;
    Organisation a{.name = "Bank A"}, b{.name = "Bank B"};
    ClientTable clients_a, clients_b;
    std::string table_a, table_b;

    World() {
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

  static void TearDownTestSuite() { world_.reset(); }

  World& world() {
    if (!world_) world_ = std::make_unique<World>();
    return *world_;
  }
  ThreeNodes& nodes() { return world().nodes; }
  const Organisation& a() { return world().a; }
  const Organisation& b() { return world().b; }

  json::object plan(std::uint64_t threshold = 2, std::uint64_t min_flags = 1) {
    return {{"kind", "match"},
            {"tables", {world().table_a, world().table_b}},
            {"parties", {"Bank A", "Bank B"}},
            {"threshold", threshold},
            {"min_flags", min_flags},
            {"to", {"Bank A", "Bank B"}},
            {"show", "rows"}};
  }

  Answer start(std::size_t role, const std::string& id, const json::object& plan,
               std::uint64_t deadline_ms = 60'000) {
    const json::object body{{"session", id}, {"plan", plan}, {"deadline_ms", deadline_ms}};
    return nodes().signed_ask(role, a().sign, "POST", "/v1/sessions", canonical(body));
  }
  std::string started(const json::object& plan, std::uint64_t deadline_ms = 60'000) {
    const std::string id = random_hex(16);
    for (std::size_t role = 0; role < 3; ++role) {
      const Answer answer = start(role, id, plan, deadline_ms);
      EXPECT_EQ(answer.status, 202) << answer.body;
    }
    return id;
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
      const Answer answer = nodes().get(role, "/v1/sessions/" + id + "/results/" +
                                                  (to.name == "Bank A" ? "Bank%20A" : "Bank%20B"));
      EXPECT_EQ(answer.status, 200) << answer.body;
      const ResultShares result = decode_result(to.receive.open(as_bytes(answer.body)));
      EXPECT_EQ(to_hex(result.session), id);
      EXPECT_EQ(result.role, static_cast<int>(role));
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
    EXPECT_EQ(rows(id, a()), expected(world().clients_a, world().clients_b, min_flags));
    EXPECT_EQ(rows(id, b()), expected(world().clients_b, world().clients_a, min_flags));
  }

  static inline std::unique_ptr<World> world_;
};

// ---- sessions

TEST_F(Nodes, ComputeAMatchThatOnlyTheRecipientsCanRead) {
  for (const std::size_t min_flags : {0, 1, 2})
    expect_right(started(plan(2, min_flags)), min_flags);
}

TEST_F(Nodes, RunTwoSessionsAtOnce) {
  const std::string first = started(plan(2, 1)), second = started(plan(2, 2));
  expect_right(second, 2);
  expect_right(first, 1);
}

TEST_F(Nodes, RefuseToRunPlansThatDifferByName) {
  const std::string id = random_hex(16);
  json::object other = plan();
  other["threshold"] = 1;
  for (std::size_t role = 0; role < 3; ++role) {
    EXPECT_EQ(start(role, id, role == 1 ? other : plan()).status, 202);
  }
  for (std::size_t role = 0; role < 3; ++role) {
    const json::object seen = ended(role, id);
    EXPECT_EQ(seen.at("state"), "failed");
    const std::string message(seen.at("error").at("message").as_string());
    EXPECT_NE(message.find("the plan"), std::string::npos) << message;
    EXPECT_EQ(nodes().get(role, "/v1/sessions/" + id + "/results/Bank%20A").status, 404);
  }
}

TEST_F(Nodes, CancelOnAllNodes) {
  const std::string id = random_hex(16);
  start(0, id, plan());
  start(1, id, plan());  // node 2 is never asked
  EXPECT_EQ(nodes().signed_ask(0, b().sign, "DELETE", "/v1/sessions/" + id).status, 202);
  EXPECT_EQ(ended(0, id).at("state"), "cancelled");
  EXPECT_NE(ended(1, id).at("state"), "done");
}

TEST_F(Nodes, NameTheNodeThatTakesNoPart) {
  const std::string id = random_hex(16);
  const auto begin = std::chrono::steady_clock::now();
  start(0, id, plan());
  start(1, id, plan());
  for (const std::size_t role : {0, 1}) {
    const json::object seen = ended(role, id);
    EXPECT_EQ(seen.at("state"), "failed");
    EXPECT_NE(json::serialize(seen.at("error")).find("node"), std::string::npos);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST_F(Nodes, EndSessionsAtTheirDeadline) {
  const std::string id = random_hex(16);
  start(0, id, plan(), 500);
  start(1, id, plan(), 500);
  EXPECT_EQ(ended(0, id).at("error").at("code"), "timed_out");
}

TEST_F(Nodes, TakeASessionOnOnceAndItsIdOnlyOnce) {
  const std::string id = started(plan());
  EXPECT_EQ(start(0, id, plan()).status, 202) << "the same request again";
  json::object other = plan();
  other["threshold"] = 1;
  EXPECT_EQ(start(0, id, other).status, 400);
  expect_right(id, 1);
  EXPECT_EQ(start(0, id, plan()).status, 202) << "over, and not run again";
  expect_right(id, 1);
}

TEST_F(Nodes, CheckThePlanBeforeTheyTakeItOn) {
  const auto refused = [&](const char* field, json::value value, const std::string& code) {
    json::object bent = plan();
    bent[field] = std::move(value);
    const Answer answer = start(0, random_hex(16), bent);
    EXPECT_EQ(error_code(answer), code) << answer.body;
  };
  refused("tables", {world().table_a, std::string(32, '0')}, "not_found");
  refused("tables", {world().table_b, world().table_a}, "forbidden");
  refused("parties", {"Bank B", "Bank A"}, "forbidden");
  refused("to", {"Bank C"}, "bad_input");
  json::object count = plan();
  count["show"] = "count";
  count["to"] = {"Bank C"};
  EXPECT_EQ(error_code(start(0, random_hex(16), count)), "not_found");
  json::object sum = plan();
  sum["show"] = "sum";
  sum["attribute"] = "risk";
  EXPECT_EQ(error_code(start(0, random_hex(16), sum)), "bad_schema");
}

TEST_F(Nodes, LetOnlyOwnersOfATableAsk) {
  const Organisation stranger{.name = "Stranger"};
  nodes().admit(stranger);
  const json::object body{{"session", random_hex(16)}, {"plan", plan()}, {"deadline_ms", 1000}};
  const Answer answer =
      nodes().signed_ask(0, stranger.sign, "POST", "/v1/sessions", canonical(body));
  EXPECT_EQ(error_code(answer), "forbidden");
}

// ---- who asks

TEST_F(Nodes, RefuseRequestsThatAreNotTheSenders) {
  const std::string body = R"({"name":"X","sign":"00","seal":"00"})";
  const SigningKey key = nodes().operator_key(0);
  const auto ask_with = [&](const Headers& headers, std::string_view sent) {
    return ask(nodes().port(0), "POST", "/v1/members", headers, sent);
  };
  const auto good = [&] { return nodes().headers(0, key, "POST", "/v1/members", body); };
  EXPECT_EQ(ask_with({}, body).status, 400);
  EXPECT_EQ(ask_with(good(), body + " ").status, 403);
  for (const char* header : {"Polder-Time", "Polder-Nonce", "Polder-Signature", "Polder-Key"}) {
    Headers bent = good();
    bent[header].back() = bent[header].back() == '1' ? '2' : '1';
    EXPECT_EQ(ask_with(bent, body).status, 403) << header;
    bent[header] = "";
    EXPECT_EQ(ask_with(bent, body).status, 400) << header;
    bent[header] = std::string(300, '0');
    EXPECT_EQ(ask_with(bent, body).status, 400) << header;
  }
  const auto signed_as = [&](std::size_t role, std::string_view method, std::string_view target,
                             std::int64_t time) {
    return ask_with(nodes().headers(role, key, method, target, body, time), body).status;
  };
  EXPECT_EQ(signed_as(1, "POST", "/v1/members", now_ms()), 403) << "another node's";
  EXPECT_EQ(signed_as(0, "PUT", "/v1/members", now_ms()), 403) << "another method";
  EXPECT_EQ(signed_as(0, "POST", "/v1/members?x=1", now_ms()), 403) << "another query";
  EXPECT_EQ(signed_as(0, "POST", "/v1/members", now_ms() - 301'000), 403) << "too old";
  EXPECT_EQ(signed_as(0, "POST", "/v1/members", now_ms() + 301'000), 403) << "from the future";
  EXPECT_EQ(signed_as(0, "POST", "/v1/members", now_ms()), 400) << "proper, but bad JSON fields";
  EXPECT_EQ(nodes().signed_ask(0, a().sign, "POST", "/v1/members", body).status, 403)
      << "a member is no operator";
  EXPECT_EQ(nodes().signed_ask(0, key, "POST", "/v1/sessions", "{}").status, 403)
      << "the operator is no member";
}

TEST_F(Nodes, TakeASignedRequestOnceAlsoAfterARestart) {
  const std::string target = "/v1/tables/" + std::string(32, '0');
  const Headers headers = nodes().headers(1, a().sign, "DELETE", target, "");
  const auto send = [&] { return ask(nodes().port(1), "DELETE", target, headers); };
  EXPECT_EQ(send().status, 404);
  EXPECT_EQ(send().status, 403);
  nodes().process(1).end(SIGKILL);
  nodes().start(1);
  EXPECT_LT(nodes().wait_until_up(1), 5.0);
  EXPECT_EQ(send().status, 403);
  expect_right(started(plan()), 1);
}

TEST_F(Nodes, LetOnlyTheOwnerUploadAndDelete) {
  const Upload upload(nodes(), a(), {{1}, {true}});
  EXPECT_EQ(upload.begin(0).status, 201);
  const auto as_b = [&](std::string_view method, const std::string& target, std::string_view body) {
    return nodes().signed_ask(0, b().sign, method, target, body).status;
  };
  EXPECT_EQ(as_b("PUT", upload.path() + "/seeds", std::string(32, 'x')), 403);
  EXPECT_EQ(as_b("POST", upload.path() + "/finish", ""), 403);
  EXPECT_EQ(as_b("DELETE", upload.path(), ""), 403);
  EXPECT_EQ(as_b("DELETE", "/v1/tables/" + world().table_a, ""), 403);
  const json::object stolen{{"manifest", polder::to_json(upload.manifest())},
                            {"signature", to_hex(b().sign.sign(canonical(upload.manifest())))}};
  EXPECT_EQ(nodes().signed_ask(1, b().sign, "POST", "/v1/uploads", canonical(stolen)).status, 403);
  EXPECT_EQ(nodes().signed_ask(1, a().sign, "POST", "/v1/uploads", canonical(stolen)).status, 403);
  EXPECT_EQ(nodes().signed_ask(0, a().sign, "DELETE", upload.path()).status, 200);
}

// ---- uploads

TEST_F(Nodes, ShowATableOnlyWhenAllThreeHoldAllOfIt) {
  ClientTable large;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    large.ids.push_back(i);
    large.flags.push_back(false);
  }
  const Upload upload(nodes(), a(), large);  // 4.8 MB: two chunks
  ASSERT_GT(upload.data().size(), std::size_t{1} << 22);
  json::array receipts;
  for (const std::size_t role : {0, 1, 2}) {
    EXPECT_EQ(upload.begin(role).status, 201);
    EXPECT_EQ(error_code(upload.finish(role)), "bad_input") << "nothing is there yet";
    EXPECT_EQ(upload.put_seeds(role).status, 200);
    EXPECT_EQ(error_code(upload.put_chunk(role, 7)), "bad_input");
    if (role > 0) {
      EXPECT_EQ(upload.put_chunk(role, 1).status, 200);
      const auto again = body_of(upload.begin(role));
      EXPECT_EQ(again.at("have"), json::array({1})) << "goes on where it was";
      EXPECT_EQ(upload.put_chunk(role, 0).status, 200);
    }
    const Answer finished = upload.finish(role);
    ASSERT_EQ(finished.status, 200) << finished.body;
    receipts.push_back(body_of(finished).at("receipt"));
    EXPECT_EQ(nodes().get(role, "/v1/tables/" + upload.handle()).status, 404);
  }
  json::array wrong = receipts;
  wrong[2] = wrong[1];
  EXPECT_EQ(upload.publish(0, wrong).status, 403);
  for (const std::size_t role : {0, 1, 2}) {
    EXPECT_EQ(upload.publish(role, receipts).status, 200);
    EXPECT_EQ(nodes().get(role, "/v1/tables/" + upload.handle()).status, 200);
    EXPECT_EQ(nodes().signed_ask(role, a().sign, "DELETE", "/v1/tables/" + upload.handle()).status,
              200);
    EXPECT_EQ(nodes().get(role, "/v1/tables/" + upload.handle()).status, 404);
  }
}

TEST_F(Nodes, StopWhenTwoNodesWereSentDifferentShares) {
  const Upload upload(nodes(), a(), {{1, 2}, {true, false}});
  json::array receipts;
  for (const std::size_t role : {0, 1, 2}) {
    upload.begin(role);
    if (role == 2) {  // another seed of component 0 than node 0 has
      const std::string target = upload.path() + "/seeds";
      nodes().signed_ask(role, a().sign, "PUT", target, std::string(16, 'z'));
    } else {
      upload.put_seeds(role);
    }
    if (role > 0) upload.put_chunk(role, 0);
    receipts.push_back(body_of(upload.finish(role)).at("receipt"));
  }
  for (const std::size_t role : {0, 1, 2}) upload.publish(role, receipts);
  json::object bent = plan();
  bent["tables"] = {upload.handle(), world().table_b};
  const std::string id = started(bent);
  for (const std::size_t role : {0, 1, 2}) {
    const json::object seen = ended(role, id);
    EXPECT_EQ(seen.at("state"), "failed");
    EXPECT_NE(json::serialize(seen).find("different shares"), std::string::npos)
        << json::serialize(seen);
  }
}

TEST_F(Nodes, RefuseATableWhoseFileWasChangedAndServeTheOthers) {
  const std::string broken = world().uploaded(a(), {{1, 2, 3}, {true, false, true}});
  std::map<std::filesystem::path, std::string> before;
  for (const auto& entry : std::filesystem::directory_iterator(nodes().path(1) / "columns")) {
    before[entry.path()] = file_contents(entry.path());
  }
  const std::string last = world().uploaded(a(), {{4, 5, 6}, {true, false, true}});
  for (const auto& entry : std::filesystem::directory_iterator(nodes().path(1) / "columns")) {
    if (before.contains(entry.path())) continue;
    std::string bytes = file_contents(entry.path());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(entry.path(), bytes);
  }
  json::object bent = plan();
  bent["tables"] = {last, world().table_b};
  const std::string id = started(bent);
  for (const std::size_t role : {0, 1, 2}) EXPECT_EQ(ended(role, id).at("state"), "failed");
  EXPECT_EQ(ended(1, id).at("error").at("code"), "cheating");
  expect_right(started(plan()), 1);
}

// ---- what is no proper request

TEST_F(Nodes, AnswerUnknownRoutesMethodsAndSizes) {
  EXPECT_EQ(error_code(nodes().get(0, "/v2/info")), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/uploads")), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/tables/" + std::string(32, '0'))), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/tables/x")), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/sessions/" + std::string(32, '0'))), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/sessions/x?wait_ms=-1")), "bad_input");
  EXPECT_EQ(ask(nodes().port(0), "GET", "/v1/info", {}, "body").status, 413);
  HttpsLine line(nodes().port(0));
  line.send("POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_EQ(line.receive().status, 413);
}

TEST_F(Nodes, AnswerBadJson) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  for (const std::string& body :
       {std::string(""), std::string("{"), std::string("[]"), std::string("null"), deep,
        std::string(R"({"session":1})"), std::string("{\"a\":\"\xff\"}"),
        std::string(R"({"session":"0","plan":{},"deadline_ms":-5})")}) {
    const Answer answer = nodes().signed_ask(0, a().sign, "POST", "/v1/sessions", body);
    EXPECT_EQ(answer.status, 400) << body.substr(0, 40);
    EXPECT_EQ(error_code(answer), "bad_input");
  }
}

TEST_F(Nodes, TellWhoTheyAreAndHowTheyFare) {
  const json::object info = body_of(nodes().get(2, "/v1/info"));
  EXPECT_EQ(info.at("network").as_string(), nodes().network().id);
  EXPECT_EQ(info.at("role"), 2);
  EXPECT_EQ(nodes().get(0, "/v1/ready").status, 200);
  const std::string page = nodes().get(0, "/v1/metrics").body;
  for (const char* metric : {"polder_sessions_ended_total{state=\"done\"}", "polder_tables ",
                             "polder_pool_in_use_bytes ", "polder_idle_lines "}) {
    EXPECT_NE(page.find(metric), std::string::npos) << metric;
  }
  const json::object members = body_of(nodes().get(0, "/v1/members"));
  EXPECT_NE(json::serialize(members).find("Bank B"), std::string::npos);
}

TEST_F(Nodes, BindAMemberToItsKeys) {
  Organisation impostor{.name = "Bank A"};
  const std::string body =
      canonical(json::object{{"name", "Bank A"},
                             {"sign", to_hex(impostor.sign.verify_key().raw())},
                             {"seal", to_hex(impostor.receive.seal_key())}});
  const Answer answer = nodes().signed_ask(0, nodes().operator_key(0), "POST", "/v1/members", body);
  EXPECT_EQ(error_code(answer), "forbidden");
}

// ---- processes

TEST_F(Nodes, SayWithinTenSecondsThatANodeWasKilledAndServeAgainWithinFive) {
  ClientTable large;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    large.ids.push_back(i);
    large.flags.push_back(i % 3 == 0);
  }
  json::object slow = plan();
  slow["tables"] = {world().uploaded(a(), large), world().uploaded(b(), large)};
  for (const std::size_t victim : {0, 1, 2}) {
    const std::string id = started(slow);
    std::this_thread::sleep_for(milliseconds(100 + 150 * static_cast<int>(victim)));
    const auto killed = std::chrono::steady_clock::now();
    nodes().process(victim).end(SIGKILL);
    for (std::size_t role = 0; role < 3; ++role) {
      if (role == victim) continue;
      const json::object seen = ended(role, id);
      EXPECT_EQ(seen.at("state"), "failed") << json::serialize(seen);
      EXPECT_NE(json::serialize(seen.at("error")).find("node"), std::string::npos);
      EXPECT_EQ(nodes().get(role, "/v1/sessions/" + id + "/results/Bank%20A").status, 404);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds(10));
    nodes().start(victim);
    EXPECT_LT(nodes().wait_until_up(victim), 5.0);
    const json::object lost = ended(victim, id);
    EXPECT_EQ(lost.at("state"), "failed");
    EXPECT_EQ(lost.at("error").at("code"), "peer_lost");
    expect_right(started(plan()), 1);
  }
}

TEST_F(Nodes, StopWithinTwoSecondsWhenAsked) {
  const std::string id = random_hex(16);
  start(1, id, plan());
  start(2, id, plan());  // both wait for node 0
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(nodes().process(1).end(SIGTERM), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  nodes().start(1);
  nodes().wait_until_up(1);
  EXPECT_EQ(ended(1, id).at("state"), "failed");
  expect_right(started(plan()), 1);
}

TEST_F(Nodes, KeepSecretsOutOfTheirLogsAndFiles) {
  expect_right(started(plan()), 1);
  for (const std::size_t role : {0, 1, 2}) {
    const std::string log = nodes().log(role);
    EXPECT_NE(log.find("\"event\":\"session_ended\""), std::string::npos);
    EXPECT_EQ(log.find("Bank"), std::string::npos) << "names are the clients' business";
    const std::string key = file_contents(nodes().path(role) / "node.key");
    EXPECT_EQ(log.find(key.substr(30, 20)), std::string::npos);
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) parse_object(line, line);
  }
}

}  // namespace
}  // namespace polder
