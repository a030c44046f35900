// Statements are kept as they were signed, count for good, and survive a kill together with their
// line in the log.
#include "store/statements.h"

#include <gtest/gtest.h>

#include "audit/audit_reader.h"
#include "base/error.h"
#include "base/testing/test_folder.h"

namespace polder {
namespace {

const std::string network(32, '0'), plan(64, 'a');

struct Store {
  TestFolder folder;
  Catalogue catalogue{folder.path() / "catalogue.db"};
  AuditLog audit{catalogue, audit_start(network, 0)};
  Statements statements{catalogue, audit};
  SigningKey key = SigningKey::random();

  std::string put(const Statement& statement, std::int64_t now_ms = 1) {
    const std::string id = statement_id(network, to_json(statement));
    statements.put(id, sign(network, statement, key), {by(statement), "CBS"}, now_ms);
    return id;
  }
};

Approval approval(char nonce = '1', const std::string& by = "town") {
  return {.by = by,
          .plan = plan,
          .tables = {"visits"},
          .openings = {{.label = "total", .to = {"CBS"}, .min_group = 10, .rows = false}},
          .terms = {.purpose = "care",
                    .from_ms = 1000,
                    .until_ms = 2000,
                    .max_runs = 3,
                    .requesters = {"CBS"}},
          .nonce = std::string(32, nonce)};
}

TEST(Statements, AreKeptOnceAndAsTheyWereSigned) {
  Store store;
  const std::string id = store.put(approval());
  store.put(approval(), 2);
  const auto kept = store.statements.approvals_of(plan);
  ASSERT_EQ(kept.size(), 1);
  EXPECT_EQ(kept[0].id, id);
  EXPECT_EQ(kept[0].approval, approval());
  EXPECT_TRUE(is_signed_by(store.key.verify_key(), network, kept[0].said));
  EXPECT_EQ(store.audit.head().size, 1) << "said once, written down once";
  EXPECT_EQ(store.statements.approver_of(id), "town");
  EXPECT_EQ(store.statements.approver_of(plan), "");
}

TEST(Statements, ARevocationCountsBeforeAndAfterItsApprovalAndFromItsGiverAlone) {
  Store store;
  const auto revoked = [&](const std::string& id) {
    for (const KeptApproval& each : store.statements.approvals_of(plan)) {
      if (each.id == id) return each.revoked;
    }
    ADD_FAILURE() << "no approval " << id;
    return false;
  };
  const Statement second = approval('2');
  store.put(Revocation{.by = "town", .approval = statement_id(network, to_json(second))});
  EXPECT_TRUE(revoked(store.put(second)));

  const std::string third = store.put(approval('3'));
  store.put(Revocation{.by = "insurer", .approval = third});
  EXPECT_FALSE(revoked(third));
  store.put(Revocation{.by = "town", .approval = third});
  EXPECT_TRUE(revoked(third));
  EXPECT_EQ(store.statements.revocations_of(plan).size(), 3);
}

TEST(Statements, RunsAreCountedForEachApproval) {
  Store store;
  const std::vector<std::string> used{store.put(approval('1')), store.put(approval('2', "clinic"))};
  store.statements.count_run(used, "s1", 5);
  store.statements.count_run(std::span(used).first(1), "s2", 6);
  const auto kept = store.statements.approvals_of(plan);
  ASSERT_EQ(kept.size(), 2);
  EXPECT_EQ(kept[0].runs, 2);
  EXPECT_EQ(kept[0].runs_left(), 1);
  EXPECT_EQ(kept[1].runs, 1);
  EXPECT_THROW(store.statements.count_run(used, "s1", 7), Error) << "a session runs once";
  EXPECT_EQ(store.statements.approvals_of(plan)[0].runs, 2);
}

TEST(Statements, SubmissionsAreListedForThoseWhomTheyConcern) {
  Store store;
  std::vector<std::string> ids;
  for (const char* name : {"one", "two", "three"}) {
    ids.push_back(
        store.put(Submission{.by = "town", .name = name, .plan = plan, .terms = approval().terms}));
  }
  const auto first = store.statements.submissions_for("CBS", INT64_MAX, 2);
  ASSERT_EQ(first.size(), 2);
  EXPECT_EQ(first[0].id, ids[2]);
  const auto rest = store.statements.submissions_for("CBS", first[1].number, 2);
  ASSERT_EQ(rest.size(), 1);
  EXPECT_EQ(rest[0].id, ids[0]);
  EXPECT_EQ(store.statements.submissions_for("stranger", INT64_MAX, 9).size(), 0);
  EXPECT_EQ(store.statements.submissions_of(plan).size(), 3);
}

TEST(AuditLog, ShowsTextsToThoseConcernedAndAChainToAll) {
  Store store;
  const std::string member = "town", stranger = "stranger";
  store.audit.append("run_begun", {{"session", "s"}}, {"town"}, 7);
  store.put(approval('1', "clinic"));
  store.audit.append("run_ended", {{"session", "s"}}, {"town"}, 9);
  for (const std::string* reader : {&member, &stranger, static_cast<const std::string*>(nullptr)}) {
    AuditReader chain(network, 0);
    std::size_t texts = 0;
    for (const AuditLog::Line& line : store.audit.lines(0, 100, reader)) {
      texts += line.text.empty() ? 0 : 1;
      if (line.text.empty()) {
        chain.add(line.digest);
      } else {
        chain.add(line.text);
      }
    }
    EXPECT_EQ(chain.head(), store.audit.head());
    EXPECT_EQ(texts, reader == nullptr ? 3u : reader == &member ? 2u : 0u);
  }
  EXPECT_EQ(store.audit.lines(1, 1, nullptr).size(), 1);
  EXPECT_EQ(store.audit.lines(3, 1, nullptr).size(), 0);
}

}  // namespace
}  // namespace polder
