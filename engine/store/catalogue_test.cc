#include "store/catalogue.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/testing/test_folder.h"
#include "store/members.h"
#include "store/nonces.h"
#include "store/rows_asked.h"
#include "store/session_records.h"

namespace polder {
namespace {

Member member(const std::string& name, std::uint8_t key) {
  Member made{.name = name, .sign = {}, .seal = {}, .proof = {}};
  made.sign.fill(key);
  made.seal.fill(static_cast<std::uint8_t>(key + 1));
  return made;
}

Code code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Code::internal;
}

/// Runs `work` in a child that is killed at its end, without a chance to tidy up.
void in_killed_child(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    work();
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

TEST(Nonces, AreUsedOnceAlsoAfterAKill) {
  const TestFolder folder;
  const auto key = member("A", 1).sign, nonce = member("A", 9).sign;
  in_killed_child([&] {
    Catalogue catalogue(folder.path() / "catalogue.db");
    Nonces(catalogue).use(key, nonce, 1000, 2000);
  });
  Catalogue catalogue(folder.path() / "catalogue.db");
  Nonces nonces(catalogue);
  EXPECT_EQ(code_of([&] { nonces.use(key, nonce, 1500, 2500); }), Code::forbidden);
  EXPECT_EQ(code_of([&] { nonces.use(key, nonce, 2000, 3000); }), Code::forbidden);
  nonces.use(nonce, nonce, 1500, 2500);  // another key's
  nonces.use(key, nonce, 2001, 3000);    // its window is over: time itself refuses it now
}

TEST(Sessions, AKilledTransactionLeavesNoHalfResult) {
  const TestFolder folder;
  const SessionRecord record{.id = "s", .state = "running", .plan = "{}", .requester = "A"};
  in_killed_child([&] {
    Catalogue catalogue(folder.path() / "catalogue.db");
    SessionRecords(catalogue).begin(record, {"A"});
    catalogue.change([](Database& database) {
      database.run("UPDATE sessions SET state = 'done'");
      database.run("INSERT INTO results VALUES ('s', 'A', x'01')");
      kill(getpid(), SIGKILL);
    });
  });
  Catalogue catalogue(folder.path() / "catalogue.db");
  SessionRecords sessions(catalogue);
  EXPECT_EQ(sessions.find("s")->state, "running");
  EXPECT_FALSE(sessions.result("s", "A"));
  EXPECT_EQ(sessions.fail_unfinished("peer_lost", "node restarted"), 1);
  EXPECT_EQ(sessions.find("s")->state, "failed");
  EXPECT_EQ(sessions.find("s")->code, "peer_lost");
}

TEST(Sessions, KeepResultsUntilTheyExpire) {
  const TestFolder folder;
  Catalogue catalogue(folder.path() / "catalogue.db");
  SessionRecords sessions(catalogue);
  SessionRecord record{.id = "s", .state = "running", .plan = "{}", .requester = "A"};
  sessions.begin(record, {"A", "B"});
  EXPECT_THROW(sessions.begin(record, {"A"}), Error) << "an id is used once";
  record.state = "done";
  record.expires_ms = 100;
  sessions.end(record, {{"A", {1, 2}}, {"B", {}}});
  sessions.forget(100, 0);
  EXPECT_EQ(sessions.result("s", "A"), (std::vector<std::uint8_t>{1, 2}));
  EXPECT_TRUE(sessions.result("s", "B"));
  sessions.forget(101, 0);
  EXPECT_FALSE(sessions.result("s", "A"));
  EXPECT_TRUE(sessions.find("s")) << "that it ran is known for longer";
  sessions.forget(101, 1);
  EXPECT_FALSE(sessions.find("s"));
  EXPECT_TRUE(sessions.of_member("A", 100, 10).empty());
}

TEST(Sessions, AreListedForThoseWhomTheyConcernLatestFirst) {
  const TestFolder folder;
  Catalogue catalogue(folder.path() / "catalogue.db");
  SessionRecords sessions(catalogue);
  for (int i = 0; i < 5; ++i) {
    sessions.begin({.id = std::to_string(i), .state = "running", .plan = "{}", .requester = "A"},
                   i % 2 == 0 ? std::set<std::string>{"A", "B"} : std::set<std::string>{"A"});
  }
  const auto ids = [&](const char* member, std::int64_t before, int most) {
    std::string found;
    for (const auto& [number, record] : sessions.of_member(member, before, most))
      found += record.id;
    return found;
  };
  EXPECT_EQ(ids("A", INT64_MAX, 10), "43210");
  EXPECT_EQ(ids("B", INT64_MAX, 10), "420");
  EXPECT_EQ(ids("C", INT64_MAX, 10), "");
  EXPECT_EQ(ids("B", INT64_MAX, 2), "42");
  EXPECT_EQ(ids("B", sessions.of_member("B", INT64_MAX, 2).back().number, 2), "0");
}

TEST(Sessions, AreForgottenBeyondTheLatest50000) {
  const TestFolder folder;
  Catalogue catalogue(folder.path() / "catalogue.db");
  catalogue.change([](Database& database) {
    database.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50001)"
        " INSERT INTO sessions SELECT 'x' || i, 'done', '{}', 'A', 5, '', '', '{}', 0 FROM n");
  });
  SessionRecords sessions(catalogue);
  sessions.forget(0, 0);
  EXPECT_FALSE(sessions.find("x1"));
  EXPECT_TRUE(sessions.find("x2"));
  EXPECT_TRUE(sessions.find("x50001"));
}

TEST(RowsAsked, AreCountedForEachTableAndMember) {
  const TestFolder folder;
  Catalogue catalogue(folder.path() / "catalogue.db");
  RowsAsked asked(catalogue);
  asked.count("t", "A", 5, 100);
  asked.count("t", "A", 7, 200);
  asked.count("t", "B", 11, 200);
  asked.count("u", "A", 13, 200);
  EXPECT_EQ(asked.since("t", "A", 0), 12u);
  EXPECT_EQ(asked.since("t", "A", 101), 7u);
  EXPECT_EQ(asked.since("v", "A", 0), 0u);
  asked.forget(200);
  EXPECT_EQ(asked.since("t", "A", 0), 7u);
}

TEST(Catalogue, RefusesANewerSchemaAndADamagedFile) {
  const TestFolder folder;
  const auto file = folder.path() / "catalogue.db";
  {
    Catalogue(file).change([](Database& database) { database.run("PRAGMA user_version = 99"); });
  }
  EXPECT_EQ(code_of([&] { Catalogue again(file); }), Code::bad_input);
  write_file(file, std::string(8192, 'x'));
  EXPECT_EQ(code_of([&] { Catalogue again(file); }), Code::internal);
}

TEST(Catalogue, SaysThatTheDiskIsFullAndGoesOnAfterwards) {
  const TestFolder folder;
  Catalogue catalogue(folder.path() / "catalogue.db");
  Members members(catalogue);
  members.set({.member = member("A", 1), .changed_ms = 5});
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  EXPECT_EQ(code_of([&] { members.set({.member = member("B", 3), .changed_ms = 5}); }), Code::busy);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(members.all().size(), 1u);
  members.set({.member = member("B", 3), .changed_ms = 5});
  EXPECT_EQ(members.all().size(), 2u);
}

}  // namespace
}  // namespace polder
