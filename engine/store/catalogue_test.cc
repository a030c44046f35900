#include "store/catalogue.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "store/members.h"
#include "store/nonces.h"
#include "store/session_records.h"
#include "store/test_folder.h"

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
    SessionRecords(catalogue).begin(record);
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
  EXPECT_TRUE(sessions.begin(record));
  EXPECT_FALSE(sessions.begin(record)) << "an id is used once";
  record.state = "done";
  record.expires_ms = 100;
  sessions.end(record, {{"A", {1, 2}}, {"B", {}}});
  sessions.forget_expired(100);
  EXPECT_EQ(sessions.result("s", "A"), (std::vector<std::uint8_t>{1, 2}));
  EXPECT_TRUE(sessions.result("s", "B"));
  sessions.forget_expired(101);
  EXPECT_FALSE(sessions.result("s", "A"));
  EXPECT_FALSE(sessions.find("s"));
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
