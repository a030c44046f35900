// What members, strangers and operators' mishaps did to three nodes, and does no longer. The
// letters are those of docs/testing.md.
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "node/testing/two_banks.h"

namespace polder {
namespace {

using namespace testing;  // the test's own vocabulary

class Attacks : public ::testing::Test {
 protected:
  /// Waits until it holds; nodes tell each other every few seconds.
  template <typename Holds>
  static bool soon(Holds holds) {
    const auto late = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < late) {
      if (holds()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }
  HttpsAnswer begin(std::size_t role, const Organisation& owner) {
    return Upload(nodes_, owner, {{1}, {true}}).begin(role);
  }
  std::string state_of(std::size_t role, const std::string& member) {
    const json::object answer = body_of(nodes_.get(role, "/v1/members"));
    for (const json::value& each : answer.at("members").as_array()) {
      if (each.at("name") == json::value(member)) return std::string(each.at("state").as_string());
    }
    return "";
  }
  std::string uploaded(const Organisation& owner) {
    const Upload upload(nodes_, owner, {{1, 2, 3}, {true, false, true}});
    upload.send_all();
    return upload.handle();
  }
  bool has(std::size_t role, const std::string& table) {
    return nodes_.get(role, "/v1/tables/" + table).status == 200;
  }
  void restart(std::size_t role) {
    nodes_.process(role).end(SIGKILL);
    nodes_.start(role);
    nodes_.wait_until_up(role);
  }

  ThreeNodes nodes_;
  const Organisation a_{.name = "Bank A"}, b_{.name = "Bank B"};
};

TEST_F(Attacks, H3OneActAdmitsAtAllNodesAlsoAtOneThatWasAway) {
  nodes_.process(2).end(SIGTERM);
  EXPECT_EQ(nodes_.tell(0, nodes_.notice(0, Notice::Kind::admit, a_.name, &a_)).status, 201);
  nodes_.start(2);
  nodes_.wait_until_up(2);
  for (const std::size_t role : {1, 2}) {
    EXPECT_TRUE(soon([&] { return state_of(role, a_.name) == "admitted"; })) << role;
    EXPECT_EQ(begin(role, a_).status, 201);
  }
}

TEST_F(Attacks, H3WhoIsExpelledIsRefusedEverywhereAlsoAfterRestarts) {
  nodes_.admit(a_);
  nodes_.admit(b_);
  const std::string table = uploaded(a_);
  nodes_.process(2).end(SIGKILL);
  EXPECT_EQ(nodes_.tell(1, nodes_.notice(1, Notice::Kind::expel, a_.name)).status, 201);
  nodes_.start(2);
  nodes_.wait_until_up(2);
  for (const std::size_t role : {0, 1, 2}) {
    EXPECT_TRUE(soon([&] { return state_of(role, a_.name) == "expelled"; })) << role;
  }
  for (int round = 0; round < 2; ++round) {
    for (const std::size_t role : {0, 1, 2}) {
      EXPECT_EQ(begin(role, a_).status, 403) << role;
      EXPECT_EQ(nodes_.signed_ask(role, a_.sign, "GET", "/v1/tables").status, 403) << role;
      EXPECT_EQ(begin(role, b_).status, 201) << "the other one stays";
      EXPECT_FALSE(has(role, table)) << "hidden";
      const auto again = nodes_.notice(0, Notice::Kind::admit, a_.name, &a_);
      Notice earlier = again;
      earlier.time_ms -= 120'000;
      earlier = signed_notice(nodes_.network().id, earlier, nodes_.operator_key(0));
      EXPECT_EQ(nodes_.tell(role, earlier).status, 200) << "an older word changes nothing";
      EXPECT_EQ(state_of(role, a_.name), "expelled");
    }
    for (const std::size_t role : {0, 1, 2}) restart(role);
  }
}

TEST_F(Attacks, H3SessionsOfTheExpelledEnd) {
  nodes_.admit(a_);
  nodes_.admit(b_);
  const json::object plan{{"kind", "match"},
                          {"tables", {uploaded(a_), uploaded(b_)}},
                          {"parties", {"Bank A", "Bank B"}},
                          {"threshold", 2},
                          {"min_flags", 1},
                          {"to", {"Bank A", "Bank B"}},
                          {"show", "rows"}};
  const std::string id = random_hex(16);
  const json::object body{{"session", id}, {"plan", plan}, {"deadline_ms", 60'000}};
  EXPECT_EQ(nodes_.signed_ask(0, b_.sign, "POST", "/v1/sessions", canonical(body)).status, 202);
  nodes_.tell(0, nodes_.notice(0, Notice::Kind::expel, a_.name));
  EXPECT_TRUE(soon([&] {
    const auto seen = body_of(nodes_.get(0, "/v1/sessions/" + id));
    return seen.at("state") == "cancelled" || seen.at("state") == "failed";
  }));
  json::object later = body;
  later["session"] = random_hex(16);
  EXPECT_EQ(nodes_.signed_ask(0, b_.sign, "POST", "/v1/sessions", canonical(later)).status, 403);
}

TEST_F(Attacks, H3AKeyIsReplacedByTheOldOneOrAnOperatorAndTheTablesStay) {
  nodes_.admit(a_);
  nodes_.admit(b_);
  const std::string table = uploaded(a_);
  const Organisation renewed{.name = "Bank A"}, again{.name = "Bank A"};
  const auto replacement = [&](const Organisation& keys, const SigningKey& by) {
    return signed_notice(nodes_.network().id,
                         {.kind = Notice::Kind::replace,
                          .about = "Bank A",
                          .member = keys.member(),
                          .time_ms = now_ms(),
                          .signer = {},
                          .signature = {}},
                         by);
  };
  EXPECT_EQ(nodes_.tell(0, replacement(renewed, b_.sign)).status, 403) << "another member";
  EXPECT_EQ(nodes_.tell(0, replacement(renewed, a_.sign)).status, 201);
  EXPECT_EQ(begin(0, a_).status, 403);
  EXPECT_EQ(begin(0, renewed).status, 201);
  EXPECT_TRUE(has(0, table));
  EXPECT_EQ(nodes_.tell(0, replacement(a_, a_.sign)).status, 403)
      << "the old key says nothing more";
  EXPECT_EQ(nodes_.tell(0, replacement(again, nodes_.operator_key(0))).status, 201);
  EXPECT_EQ(begin(0, renewed).status, 403);
  EXPECT_EQ(begin(0, again).status, 201);
}

TEST_F(Attacks, H3MembersAndStrangersAdmitNobody) {
  nodes_.admit(a_);
  const auto by = [&](const SigningKey& key, Notice::Kind kind, const Organisation& about) {
    Notice notice =
        nodes_.notice(0, kind, about.name, kind == Notice::Kind::expel ? nullptr : &about);
    notice = signed_notice(nodes_.network().id, notice, key);
    return nodes_.tell(0, notice).status;
  };
  EXPECT_EQ(by(a_.sign, Notice::Kind::admit, b_), 403);
  EXPECT_EQ(by(b_.sign, Notice::Kind::admit, b_), 403);
  EXPECT_EQ(by(b_.sign, Notice::Kind::expel, a_), 403);
  EXPECT_EQ(by(SigningKey::random(), Notice::Kind::replace, a_), 403);
  EXPECT_EQ(begin(0, a_).status, 201);
}

TEST_F(Attacks, H3OperatorsMayDeleteTables) {
  nodes_.admit(a_);
  const std::string table = uploaded(a_);
  EXPECT_EQ(nodes_.tell(0, nodes_.notice(1, Notice::Kind::delete_table, table)).status, 201);
  EXPECT_TRUE(soon([&] { return !has(0, table) && !has(1, table) && !has(2, table); }));
}

TEST_F(Attacks, H4SecondStartsOnOneFolderLoseNoUpload) {
  nodes_.admit(a_);
  const char* const long_form = std::getenv("POLDER_SECOND_STARTS");
  const int starts = long_form == nullptr ? 6 : std::stoi(long_form);
  ClientTable large;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    large.ids.push_back(i);
    large.flags.push_back(false);
  }
  const auto log = nodes_.path(0).parent_path() / "second.log";
  for (int done = 0; done < starts;) {
    const Upload upload(nodes_, a_, large);  // 4.8 MB: two chunks
    std::jthread second_ones([&] {
      for (int i = 0; i < 3; ++i, ++done) {
        EXPECT_EQ(Process(nodes_.path(1), nodes_.network_file(), log).wait(), 1);
      }
    });
    upload.send_all();
    second_ones.join();
    EXPECT_TRUE(has(1, upload.handle()));
    const std::string path = "/v1/tables/" + upload.handle();
    for (std::size_t role = 0; role < 3; ++role) {
      EXPECT_EQ(nodes_.signed_ask(role, a_.sign, "DELETE", path).status, 200);
    }
  }
  EXPECT_NE(file_contents(log).find("another process works in this folder"), std::string::npos);
}

TEST_F(Attacks, H5ADeletionReachesANodeThatWasAway) {
  nodes_.admit(a_);
  const std::string table = uploaded(a_);
  const Notice deletion = signed_notice(nodes_.network().id,
                                        {.kind = Notice::Kind::delete_table,
                                         .about = table,
                                         .member = {},
                                         .time_ms = now_ms(),
                                         .signer = {},
                                         .signature = {}},
                                        a_.sign);
  nodes_.process(2).end(SIGTERM);
  EXPECT_EQ(nodes_.tell(0, deletion).status, 201);
  nodes_.start(2);
  nodes_.wait_until_up(2);
  EXPECT_TRUE(soon([&] { return !has(2, table); }));
}

TEST_F(Attacks, H5ABackupBringsNoDeletedTableBack) {
  nodes_.admit(a_);
  const std::string table = uploaded(a_);
  const auto backup = nodes_.path(0).parent_path() / "backup";
  nodes_.process(1).end(SIGTERM);
  std::filesystem::copy(nodes_.path(1), backup, std::filesystem::copy_options::recursive);
  nodes_.start(1);
  nodes_.wait_until_up(1);
  for (const std::size_t role : {0, 1, 2}) {
    nodes_.tell(role, nodes_.notice(0, Notice::Kind::delete_table, table));
    EXPECT_FALSE(has(role, table));
  }
  nodes_.process(1).end(SIGTERM);
  std::filesystem::remove_all(nodes_.path(1));
  std::filesystem::rename(backup, nodes_.path(1));
  nodes_.start(1);
  nodes_.wait_until_up(1);
  EXPECT_TRUE(soon([&] { return !has(1, table); }));
}

TEST_F(Attacks, W7AFileThatGetsTooLongIsAnErrorAndNotTheEnd) {
  nodes_.admit(a_);
  ClientTable large;
  for (std::uint64_t i = 0; i < 300'000; ++i) {
    large.ids.push_back(i);
    large.flags.push_back(false);
  }
  const Upload upload(nodes_, a_, large);
  EXPECT_EQ(upload.begin(1).status, 201);
  rlimit before{};
  const rlimit tight{2 << 20, RLIM_INFINITY};
  ASSERT_EQ(prlimit(nodes_.process(1).id(), RLIMIT_FSIZE, &tight, &before), 0);
  const HttpsAnswer refused = upload.put_chunk(1, 0);
  EXPECT_EQ(error_code(refused), "busy") << refused.body;
  // W19: where a node keeps its files is for its operator.
  EXPECT_EQ(refused.body.find(nodes_.path(1).string()), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find("a file of this node's store"), std::string::npos) << refused.body;
  EXPECT_NE(nodes_.log(1).find("store_error"), std::string::npos);
  ASSERT_EQ(prlimit(nodes_.process(1).id(), RLIMIT_FSIZE, &before, nullptr), 0);
  EXPECT_EQ(upload.put_chunk(1, 0).status, 200);
}

TEST_F(Attacks, W12StrangersLearnNothingAboutMembersTablesAndWork) {
  nodes_.admit(a_);
  const std::string table = uploaded(a_);
  for (const std::string& target :
       {std::string("/v1/members"), std::string("/v1/tables"), "/v1/tables/" + table,
        std::string("/v1/metrics"), "/v1/sessions/" + random_hex(16)}) {
    EXPECT_EQ(ask(nodes_.port(0), "GET", target).status, 400) << target;
    EXPECT_EQ(nodes_.signed_ask(0, b_.sign, "GET", target).status, 403) << target;
    EXPECT_NE(nodes_.signed_ask(0, a_.sign, "GET", target).status, 403) << target;
  }
}

TEST_F(Attacks, W13RefusedRequestsAndAdmissionsAreInTheLog) {
  for (int i = 0; i < 300; ++i) EXPECT_EQ(begin(0, a_).status, 403);
  nodes_.admit(a_);
  EXPECT_EQ(begin(0, a_).status, 201);
  const std::string log = nodes_.log(0);
  EXPECT_NE(log.find("request_refused"), std::string::npos);
  EXPECT_NE(log.find("notice_taken"), std::string::npos);
  EXPECT_LT(std::ranges::count(log, '\n'), 60) << "one line a second";
  const std::string page = nodes_.get(0, "/v1/metrics").body;
  EXPECT_NE(page.find("polder_refused_requests_total 300"), std::string::npos) << page;
}

// W6: connecting and hanging up at the mesh port wrote 5 GB of log an hour.
TEST_F(Attacks, W6CallersAtTheMeshPortDoNotFillTheLog) {
  const std::string before = nodes_.log(0);
  const Address mesh = nodes_.network().nodes[0].mesh;
  for (int i = 0; i < 500; ++i) {
    CancellationToken cancellation;
    connect_to(mesh, std::chrono::seconds(5), cancellation);
  }
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_LT(nodes_.log(0).size(), before.size() + 10'000);
  EXPECT_NE(nodes_.log(0).find("line_refused"), std::string::npos);
}

class Crowd : public TwoBanks {};

TEST_F(Crowd, W3SessionsPostedToOneNodeLeavePlacesToOthers) {
  const Organisation crowd{.name = "Crowd"};
  nodes().admit(crowd);
  const std::string own = scenario().uploaded(crowd, {{1, 2}, {true, false}});
  json::object foreign = plan();
  foreign["tables"] = {own, scenario().table_b};
  foreign["parties"] = {"Crowd", "Bank B"};
  foreign["to"] = json::array{"Crowd"};
  int taken = 0, busy = 0;
  for (int i = 0; i < 100; ++i) {
    const json::object body{
        {"session", random_hex(16)}, {"plan", foreign}, {"deadline_ms", 24 * 3600 * 1000}};
    const HttpsAnswer answer =
        nodes().signed_ask(0, crowd.sign, "POST", "/v1/sessions", canonical(body));
    taken += answer.status == 202;
    busy += answer.status == 503;
  }
  EXPECT_GT(busy, 0);
  EXPECT_EQ(taken + busy, 100);
  expect_right(started(plan()), 1);
  EXPECT_EQ(ask(nodes().port(1), "GET", "/v1/ready").status, 200);
}

TEST_F(Crowd, W8ReadinessIsToldWithoutLookingAnew) {
  nodes().process(1);
  const auto begin = std::chrono::steady_clock::now();
  kill(nodes().process(1).id(), SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(2));
  for (int i = 0; i < 20; ++i) ask(nodes().port(0), "GET", "/v1/ready");
  kill(nodes().process(1).id(), SIGCONT);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(took.count(), within(5)) << "20 calls that dialled would take 100 s";
}

}  // namespace
}  // namespace polder
