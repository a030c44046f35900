// Logs of three nodes that say the same, and each way in which one can say otherwise.
#include "client/audit.h"

#include <gtest/gtest.h>

namespace polder {
namespace {

const std::string first(64, 'a'), run(32, '1'), other_run(32, '2');

class Log {
 public:
  Log& add(const std::string& event, Json::Object about) {
    node.entries.push_back({.number = static_cast<std::int64_t>(node.entries.size()),
                            .time_ms = 0,
                            .event = event,
                            .about = std::move(about),
                            .salt = ""});
    return *this;
  }
  Log& approval(int max_runs) {
    const Json::Object terms{{"max_runs", max_runs}};
    return add("approval", {{"id", first}, {"statement", Json::Object{{"terms", terms}}}});
  }
  Log& revocation() {
    return add("revocation",
               {{"id", "r"}, {"statement", Json::Object{{"approval", first}, {"by", "town"}}}});
  }
  Log& begun(const std::string& session, const std::string& what = run, bool approved = true) {
    Json::List approvals;
    if (approved) approvals.emplace_back(first);
    return add("run_begun",
               {{"session", session}, {"run", what}, {"approvals", std::move(approvals)}});
  }
  Log& ended(const std::string& session, const std::string& state = "done") {
    return add("run_ended", {{"session", session}, {"state", state}});
  }
  NodeAudit node = {};
};

Log good() { return Log().approval(2).begun("s").ended("s"); }

std::pair<std::size_t, std::vector<std::string>> compared(const Log& last) {
  std::vector<std::string> problems;
  const std::size_t alike = compare_runs({good().node, good().node, last.node}, problems);
  return {alike, problems};
}

void expect_problem(const Log& last, const std::string& words) {
  const auto [alike, problems] = compared(last);
  ASSERT_EQ(problems.size(), 1);
  EXPECT_NE(problems[0].find(words), std::string::npos) << problems[0];
}

TEST(AuditOfThree, AgreesOnRuns) {
  const auto [alike, problems] = compared(good());
  EXPECT_EQ(alike, 1);
  EXPECT_EQ(problems, std::vector<std::string>{});
  std::vector<std::string> none;
  EXPECT_EQ(
      compare_runs({good().node, good().node, NodeAudit{.head = {}, .entries = {}, .away = "off"}},
                   none),
      1);
  EXPECT_TRUE(none.empty()) << "a node that is away says nothing against it";
}

TEST(AuditOfThree, FindsARunThatOneNodeDoesNotHaveOrHasAsAnother) {
  expect_problem(Log().approval(2), "run s is done, and node 2 did not begin it");
  expect_problem(Log().approval(2).begun("s"), "node 2 does not say so");
  expect_problem(Log().approval(2).begun("s").ended("s", "failed"), "node 2 does not say so");
  expect_problem(Log().approval(2).begun("s", other_run).ended("s"), "another one at node 2");
}

TEST(AuditOfThree, FindsARunWithoutAnApprovalThatHeldThen) {
  expect_problem(Log().begun("s").ended("s"), "which it did not have");
  expect_problem(Log().approval(2).revocation().begun("s").ended("s"), "which was revoked");
  expect_problem(Log().approval(1).begun("s").ended("s").begun("t"), "whose 1 runs were used");
  EXPECT_TRUE(compared(good().revocation()).second.empty()) << "revoked after the run";
}

TEST(AuditOfThree, FailedAndRefusedRunsAreNoProblem) {
  EXPECT_TRUE(compared(good().begun("t").ended("t", "failed")).second.empty());
  EXPECT_TRUE(compared(good().add("run_refused", {{"session", "u"}})).second.empty());
}

}  // namespace
}  // namespace polder
