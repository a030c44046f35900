// What three polderd processes answer and refuse.
#include "node/testing/two_banks.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary

class Nodes : public TwoBanks {};

// ---- sessions

TEST_F(Nodes, ComputeAMatchThatOnlyTheRecipientsCanRead) {
  for (const std::size_t min_flags : {0, 1, 2})
    expect_right(started(plan(2, min_flags)), min_flags);
}

TEST_F(Nodes, RunTwoSessionsAtOnce) {
  const std::string first = started(plan(2, 1)), second = started(plan(2, 2));
  expect_right(second, 2);
  expect_right(first, 1);
  for (const std::size_t role : {0, 1, 2}) EXPECT_EQ(ended(role, first).at("peak_mb"), 1);
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
  start(0, id, plan());
  start(1, id, plan());
  for (const std::size_t role : {0, 1}) {
    const json::object seen = ended(role, id);
    EXPECT_EQ(seen.at("state"), "failed");
    EXPECT_NE(json::serialize(seen.at("error")).find("node"), std::string::npos);
  }
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
    const HttpsAnswer answer = start(0, random_hex(16), bent);
    EXPECT_EQ(error_code(answer), code) << answer.body;
  };
  refused("tables", {scenario().table_a, std::string(32, '0')}, "not_found");
  refused("tables", {scenario().table_b, scenario().table_a}, "forbidden");
  refused("parties", {"Bank B", "Bank A"}, "forbidden");
  refused("to", {"Bank C"}, "bad_input");
  json::object count = plan();
  count["show"] = "count";
  count["to"] = json::array{"Bank C"};
  EXPECT_EQ(error_code(start(0, random_hex(16), count)), "not_found");
  json::object sum = plan();
  sum["show"] = "sum";
  sum["attribute"] = "risk";
  EXPECT_EQ(error_code(start(0, random_hex(16), sum)), "bad_schema");
}

TEST_F(Nodes, F9RefuseToCompareIdentifiersOfDifferentKinds) {
  const Upload upload(nodes(), b(),
                      {.ids = {1}, .flags = {true}, .key = {{.name = "account", .kind = "iban"}}});
  upload.send_all();
  json::object bent = plan();
  bent["tables"] = {scenario().table_a, upload.handle()};
  const HttpsAnswer answer = start(0, random_hex(16), bent);
  EXPECT_EQ(error_code(answer), "bad_schema");
  EXPECT_NE(answer.body.find("'account' (iban 1)"), std::string::npos) << answer.body;
  for (std::size_t role = 0; role < 3; ++role)
    nodes().signed_ask(role, b().sign, "DELETE", "/v1/tables/" + upload.handle());
}

TEST_F(Nodes, LetOnlyOwnersOfATableAsk) {
  const Organisation stranger{.name = "Stranger"};
  nodes().admit(stranger);
  const json::object body{{"session", random_hex(16)}, {"plan", plan()}, {"deadline_ms", 1000}};
  const HttpsAnswer answer =
      nodes().signed_ask(0, stranger.sign, "POST", "/v1/sessions", canonical(body));
  EXPECT_EQ(error_code(answer), "forbidden");
}

// ---- what owners allow

/// The query of a look-up is nothing that the register's owner, or anybody, can match with.
TEST_F(Nodes, KeepALookUpsQueriesFromEveryOtherRun) {
  const std::string id = random_hex(16);
  const Upload queries(nodes(), a(), {{1250}, {false}},
                       {.uses = {TableRule::Use::queries},
                        .partners = {"Bank B"},
                        .with = {scenario().table_b},
                        .threshold = 1,
                        .session = id,
                        .until = static_cast<std::uint64_t>(now_ms() + 60'000)});
  queries.send_all();
  for (const std::size_t role : {0, 1, 2}) {
    EXPECT_EQ(nodes().get(role, "/v1/tables").body.find(queries.handle()), std::string::npos);
  }
  const auto asked = [&](const Organisation& by, const std::string& session,
                         const json::object& plan) {
    const json::object body{{"session", session}, {"plan", plan}, {"deadline_ms", 60'000}};
    return nodes().signed_ask(0, by.sign, "POST", "/v1/sessions", canonical(body));
  };
  json::object match = plan(2, 0);
  match["tables"] = {queries.handle(), scenario().table_b};
  match["to"] = json::array{"Bank B"};
  for (const std::string& session : {random_hex(16), id}) {
    EXPECT_EQ(error_code(asked(b(), session, match)), "forbidden") << "the register's owner";
    EXPECT_EQ(error_code(asked(a(), session, match)), "forbidden");
  }
  const json::object lookup{{"kind", "lookup"},
                            {"tables", {queries.handle(), scenario().table_b}},
                            {"parties", {"Bank A", "Bank B"}},
                            {"to", {"Bank A"}}};
  EXPECT_EQ(error_code(asked(a(), random_hex(16), lookup)), "forbidden") << "another session";
  for (const std::size_t role : {0, 1, 2}) {
    const json::object body{{"session", id}, {"plan", lookup}, {"deadline_ms", 60'000}};
    const HttpsAnswer answer =
        nodes().signed_ask(role, a().sign, "POST", "/v1/sessions", canonical(body));
    EXPECT_EQ(answer.status, 202) << answer.body;
  }
  EXPECT_EQ(ended(0, id).at("state"), "done") << json::serialize(ended(0, id));
}

TEST_F(Nodes, BoundTheRowsThatAMemberAsksAboutInADay) {
  const std::string bounded = [&] {
    const Upload upload(nodes(), b(), {{1, 2}, {true, true}},
                        {.threshold = 1, .rows_per_day = 700});
    upload.send_all();
    return upload.handle();
  }();
  json::object asking = plan(2, 0);
  asking["tables"] = {scenario().table_a, bounded};
  for (int run = 0; run < 2; ++run) EXPECT_EQ(ended(0, started(asking)).at("state"), "done");
  for (const std::size_t role : {0, 1, 2}) {
    const HttpsAnswer refused = start(role, random_hex(16), asking);
    EXPECT_EQ(error_code(refused), "forbidden");
    EXPECT_NE(error_message(refused).find("'Bank A' asked about 600, and this run asks about 300"),
              std::string::npos)
        << refused.body;
  }
  nodes().process(1).end(SIGKILL);
  nodes().start(1);
  nodes().wait_until_up(1);
  EXPECT_EQ(error_code(start(1, random_hex(16), asking)), "forbidden") << "nothing is forgotten";
}

TEST_F(Nodes, RemoveATableWhenItsOwnerSaidThatItEnds) {
  const Upload upload(nodes(), a(), {{1}, {true}},
                      {.until = static_cast<std::uint64_t>(now_ms() + 1'000)});
  upload.send_all();
  for (const std::size_t role : {0, 1, 2}) {
    while (nodes().get(role, "/v1/tables/" + upload.handle()).status == 200)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_NE(nodes().log(role).find("table_ended"), std::string::npos);
  }
}

TEST_F(Nodes, TellWhomARunConcernsWhoAskedForWhat) {
  const std::string id = started(plan(2, 1));
  expect_right(id, 1);
  const Organisation stranger{.name = "Bystander"};
  nodes().admit(stranger);
  for (const std::size_t role : {0, 1, 2}) {
    const auto listed = [&](const Organisation& member, std::string_view query = "") {
      return body_of(
          nodes().signed_ask(role, member.sign, "GET", "/v1/sessions" + std::string(query)));
    };
    const json::object latest = listed(b(), "?most=1").at("sessions").at(0).as_object();
    EXPECT_EQ(latest.at("session").as_string(), id);
    EXPECT_EQ(latest.at("requester"), "Bank A");
    EXPECT_EQ(latest.at("state"), "done");
    EXPECT_EQ(latest.at("plan").at("threshold"), 2);
    EXPECT_EQ(listed(stranger).at("sessions").as_array().size(), 0u);
    const auto before = listed(b(), "?most=1").at("before").as_int64();
    const json::object earlier = listed(b(), fmt::format("?most=1&before={}", before));
    if (!earlier.at("sessions").as_array().empty()) {
      EXPECT_NE(earlier.at("sessions").at(0).at("session").as_string(), id);
    }
    EXPECT_EQ(nodes().get(role, "/v1/sessions").status, 403) << "unsigned";

    const std::string log = nodes().log(role);
    const std::size_t at = log.rfind("session_begun");
    const std::string connection = log.substr(at, log.find('\n', at) - at);
    for (const std::string& part : {id, std::string("\"requester\":\"Bank A\""), scenario().table_b,
                                    std::string("\"threshold\":2"), std::string("\"to\":")}) {
      EXPECT_NE(connection.find(part), std::string::npos) << part << " in " << connection;
    }
  }
}

// ---- who asks

TEST_F(Nodes, RefuseRequestsThatAreNotTheSenders) {
  const std::string body = R"({"kind":"admit","about":"X"})";
  const SigningKey key = nodes().operator_key(0);
  const auto ask_with = [&](const Headers& headers, std::string_view sent) {
    return ask(nodes().port(0), "POST", "/v1/notices", headers, sent);
  };
  const auto good = [&] { return nodes().headers(0, key, "POST", "/v1/notices", body); };
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
  EXPECT_EQ(signed_as(1, "POST", "/v1/notices", now_ms()), 403) << "another node's";
  EXPECT_EQ(signed_as(0, "PUT", "/v1/notices", now_ms()), 403) << "another method";
  EXPECT_EQ(signed_as(0, "POST", "/v1/notices?x=1", now_ms()), 403) << "another query";
  EXPECT_EQ(signed_as(0, "POST", "/v1/notices", now_ms() - 301'000), 403) << "too old";
  EXPECT_EQ(signed_as(0, "POST", "/v1/notices", now_ms() + 301'000), 403) << "from the future";
  EXPECT_EQ(signed_as(0, "POST", "/v1/notices", now_ms()), 400) << "proper, but bad JSON fields";
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
  EXPECT_EQ(as_b("DELETE", "/v1/tables/" + scenario().table_a, ""), 403);
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
      EXPECT_EQ(again.at("have"), json::array{1}) << "goes on where it was";
      EXPECT_EQ(upload.put_chunk(role, 0).status, 200);
    }
    const HttpsAnswer finished = upload.finish(role);
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

TEST_F(Nodes, RefuseSharesThatTheManifestDoesNotDescribe) {
  const Upload upload(nodes(), a(), {{1, 2}, {true, false}});
  for (const std::size_t role : {0, 1, 2}) {
    upload.begin(role);
    const std::string target = upload.path() + "/seeds";
    const std::size_t size = role == 0 ? 32 : 48;
    EXPECT_EQ(nodes().signed_ask(role, a().sign, "PUT", target, std::string(size, 'z')).status,
              200);
    if (role > 0) upload.put_chunk(role, 0);
    const HttpsAnswer refused = upload.finish(role);
    EXPECT_EQ(refused.status, 400);
    EXPECT_NE(error_message(refused).find(fmt::format("what node {} was sent is not what", role)),
              std::string::npos);
    EXPECT_EQ(error_code(upload.finish(role)), "not_found") << "it is gone";
  }
}

TEST_F(Nodes, RefuseATableWhoseFileWasChangedAndServeTheOthers) {
  const std::string broken = scenario().uploaded(a(), {{1, 2, 3}, {true, false, true}});
  std::map<std::filesystem::path, std::string> before;
  for (const auto& entry : std::filesystem::directory_iterator(nodes().path(1) / "columns")) {
    before[entry.path()] = file_contents(entry.path());
  }
  const std::string last = scenario().uploaded(a(), {{4, 5, 6}, {true, false, true}});
  for (const auto& entry : std::filesystem::directory_iterator(nodes().path(1) / "columns")) {
    if (before.contains(entry.path())) continue;
    std::string bytes = file_contents(entry.path());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(entry.path(), bytes);
  }
  json::object bent = plan();
  bent["tables"] = {last, scenario().table_b};
  const std::string id = started(bent);
  for (const std::size_t role : {0, 1, 2}) EXPECT_EQ(ended(role, id).at("state"), "failed");
  EXPECT_EQ(ended(1, id).at("error").at("code"), "cheating");
  expect_right(started(plan()), 1);
}

// ---- what is no proper request

TEST_F(Nodes, AnswerUnknownRoutesMethodsAndSizes) {
  EXPECT_EQ(error_code(nodes().get(0, "/v2/info")), "not_found");
  EXPECT_EQ(nodes().get(0, "/v1/uploads").status, 405);
  EXPECT_EQ(nodes().signed_ask(0, a().sign, "PATCH", "/v1/tables").status, 405);
  EXPECT_EQ(ask(nodes().port(0), "TRACE", "/v1/info").status, 405);
  EXPECT_EQ(error_code(nodes().get(0, "/v1/tables/" + std::string(32, '0'))), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/tables/x")), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/sessions/" + std::string(32, '0'))), "not_found");
  EXPECT_EQ(error_code(nodes().get(0, "/v1/sessions/x?wait_ms=-1")), "bad_input");
  EXPECT_EQ(ask(nodes().port(0), "GET", "/v1/info", {}, "body").status, 413);
  HttpsConnection connection(nodes().port(0));
  connection.send("POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_EQ(connection.receive().status, 413);
}

TEST_F(Nodes, AnswerBadJson) {
  const std::string deep = std::string(10'000, '[') + std::string(10'000, ']');
  for (const std::string& body :
       {std::string(""), std::string("{"), std::string("[]"), std::string("null"), deep,
        std::string(R"({"session":1})"), std::string("{\"a\":\"\xff\"}"),
        std::string(R"({"session":"0","plan":{},"deadline_ms":-5})")}) {
    const HttpsAnswer answer = nodes().signed_ask(0, a().sign, "POST", "/v1/sessions", body);
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
                             "polder_pool_in_use_bytes ", "polder_idle_connections "}) {
    EXPECT_NE(page.find(metric), std::string::npos) << metric;
  }
  const json::object members = body_of(nodes().get(0, "/v1/members"));
  EXPECT_NE(json::serialize(members).find("Bank B"), std::string::npos);
}

TEST_F(Nodes, BindAMemberToItsKeys) {
  const Organisation impostor{.name = "Bank A"};
  const auto answer = nodes().tell(0, nodes().notice(0, Notice::Kind::admit, "Bank A", &impostor));
  EXPECT_EQ(error_code(answer), "forbidden");
}

}  // namespace
}  // namespace polder
