// Approvals at three polderd processes: nothing runs on a table that wants them until its owner
// signed exactly this plan, and each way around it is refused, with the owner named.
#include "governance/statement.h"
#include "node/testing/typed_tables.h"

namespace polder {
namespace {

using namespace testing;

class Approvals : public TypedTables {
 protected:
  static TableRule wants_approval() {
    return {.uses = {TableRule::Use::analysis}, .at_least = 10, .approval = true};
  }

  /// A table of A's under a name of its own, so that tests share the nodes.
  std::string table_of_a(const std::string& name) {
    const TypedUpload upload(nodes(), a(), ages(), name, wants_approval());
    put(upload, a());
    return upload.handle();
  }

  Approval approval_of(const Graph& plan, std::int64_t max_runs = 5) {
    return {.by = a().name,
            .plan = to_hex(fingerprint(plan)),
            .tables = tables_of(plan, a().name),
            .openings = disclosures_of(plan),
            .terms = {.purpose = "test",
                      .from_ms = now_ms() - 1000,
                      .until_ms = now_ms() + 3'600'000,
                      .max_runs = max_runs,
                      .requesters = {b().name}},
            .nonce = random_hex(16)};
  }
  HttpsAnswer tell(std::size_t role, const Statement& statement, const SigningKey& key,
                   const std::string& network = {}) {
    const SignedStatement said =
        sign(network.empty() ? nodes().network().id : network, statement, key);
    // Whoever brings it: what counts is who signed it.
    return nodes().signed_ask(role, b().sign, "POST", "/v1/statements", to_text(said));
  }
  void tell_all(const Statement& statement) {
    for (std::size_t role = 0; role < 3; ++role) {
      const HttpsAnswer answer = tell(role, statement, a().sign);
      EXPECT_EQ(answer.status, 200) << answer.body;
    }
  }
  std::string id_of(const Statement& statement) {
    return statement_id(nodes().network().id, to_json(statement));
  }

  /// Puts the plan at the nodes; then B asks for it.
  json::object ask(const Graph& plan, const std::string& handle) {
    return run(bound(plan, handle, a(), b().name), b());
  }
  void expect_missing(const json::object& seen, const std::string& why) {
    ASSERT_TRUE(seen.contains("error")) << json::serialize(seen);
    EXPECT_EQ(seen.at("error").at("code"), "forbidden");
    EXPECT_NE(message_of(seen).find("missing approvals: Bank A (" + why + ")"), std::string::npos)
        << message_of(seen);
  }
  Graph plan_of_mean(const std::string& name, int min_group = 10) {
    return mean_age(name, a().name, b().name, min_group);
  }
};

TEST_F(Approvals, APlanRunsOnceItsOwnerSignedItAndNeverAfterItTookThatBack) {
  const std::string handle = table_of_a("approved");
  const Graph plan = plan_of_mean("approved");
  expect_missing(ask(plan, handle), "none given");

  Approval approval = approval_of(plan);
  tell_all(approval);
  EXPECT_EQ(ask(plan, handle).at("state"), "done");

  const Revocation end{.by = a().name, .approval = id_of(approval)};
  tell_all(end);
  expect_missing(ask(plan, handle), "revoked");
  tell_all(approval);  // replayed: it is there, and stays revoked
  expect_missing(ask(plan, handle), "revoked");

  approval.nonce = random_hex(16);
  tell_all(approval);
  EXPECT_EQ(ask(plan, handle).at("state"), "done") << "approved anew";
}

TEST_F(Approvals, AnotherPlanIsNotApprovedWithIt) {
  const std::string handle = table_of_a("other_plan");
  Approval approval = approval_of(plan_of_mean("other_plan"));
  ask(plan_of_mean("other_plan"), handle);
  tell_all(approval);
  const Graph changed = plan_of_mean("other_plan", 11);
  expect_missing(ask(changed, handle), "none given");
  // Nor can the approval be made to speak of it.
  approval.plan = to_hex(fingerprint(changed));
  EXPECT_NE(tell(0, approval, a().sign).body.find("opens something else than is approved"),
            std::string::npos);
  expect_missing(ask(changed, handle), "none given");
}

TEST_F(Approvals, OnlyTheOwnersPresentKeyForThisNetworkCounts) {
  const std::string handle = table_of_a("keys");
  const Graph plan = plan_of_mean("keys");
  ask(plan, handle);
  Approval approval = approval_of(plan);
  EXPECT_EQ(error_code(tell(0, approval, b().sign)), "forbidden") << "another member's key";
  EXPECT_EQ(error_code(tell(0, approval, SigningKey::random())), "forbidden");
  EXPECT_EQ(error_code(tell(0, approval, a().sign, random_hex(16))), "forbidden")
      << "signed for another network";
  EXPECT_EQ(error_code(tell(0, approval, nodes().operator_key(0))), "forbidden");

  Approval as_b = approval;
  as_b.by = b().name;
  EXPECT_EQ(error_code(tell(0, as_b, b().sign)), "bad_input") << "B owns no table of the plan";

  // A signature of one statement is none of another, however little differs.
  SignedStatement bent = sign(nodes().network().id, approval, a().sign);
  std::get<Approval>(bent.statement).terms.max_runs += 1;
  EXPECT_EQ(error_code(nodes().signed_ask(0, a().sign, "POST", "/v1/statements", to_text(bent))),
            "forbidden");
  expect_missing(ask(plan, handle), "none given");

  tell_all(approval);
  EXPECT_EQ(error_code(tell(0, Revocation{.by = b().name, .approval = id_of(approval)}, b().sign)),
            "forbidden")
      << "nobody takes back what another gave";
  EXPECT_EQ(ask(plan, handle).at("state"), "done");
}

TEST_F(Approvals, HoldForTheirTimeAndForThoseWhoAreNamed) {
  const std::string handle = table_of_a("times");
  const Graph plan = plan_of_mean("times");
  ask(plan, handle);
  Approval over = approval_of(plan);
  over.terms.from_ms = now_ms() - 10'000;
  over.terms.until_ms = now_ms() - 1;
  EXPECT_NE(tell(0, over, a().sign).body.find("its time is over"), std::string::npos);

  Approval later = approval_of(plan);
  later.terms.from_ms = now_ms() + 1'800'000;
  later.terms.until_ms = now_ms() + 3'600'000;
  tell_all(later);
  expect_missing(ask(plan, handle), "not yet valid");

  Approval others = approval_of(plan);
  others.terms.requesters = {"Bank C"};
  tell_all(others);
  expect_missing(ask(plan, handle), "not for runs that 'Bank B' asks for");

  Approval brief = approval_of(plan);
  brief.terms.until_ms = now_ms() + 2'000;
  tell_all(brief);
  std::this_thread::sleep_for(std::chrono::milliseconds(2'100));
  expect_missing(ask(plan, handle), "expired");
}

TEST_F(Approvals, RunsAreCountedAlsoOverARestartAndIfTheyFail) {
  const std::string handle = table_of_a("counted");
  const Graph plan = plan_of_mean("counted");
  ask(plan, handle);
  const Approval approval = approval_of(plan, 2);
  tell_all(approval);
  EXPECT_EQ(ask(plan, handle).at("state"), "done");

  // A run that never meets the other nodes counts at the one that began it.
  const std::string alone = random_hex(16);
  const json::object body{
      {"session", alone}, {"plan", bound(plan, handle, a(), b().name)}, {"deadline_ms", 60'000}};
  const auto start = [&] {
    return nodes().signed_ask(0, b().sign, "POST", "/v1/sessions", canonical(body));
  };
  EXPECT_EQ(start().status, 202);
  EXPECT_EQ(start().status, 202) << "the same again is the same run";
  EXPECT_EQ(nodes().process(0).end(SIGKILL), -SIGKILL);
  nodes().start(0);
  nodes().wait_until_up(0);
  expect_missing(ask(plan, handle), "all 2 runs used");
}

TEST_F(Approvals, ANodeThatLacksOneRefusesAndNamesTheOwner) {
  const std::string handle = table_of_a("lacking");
  const Graph plan = plan_of_mean("lacking");
  ask(plan, handle);
  Approval approval = approval_of(plan);
  EXPECT_EQ(tell(0, approval, a().sign).status, 200);
  EXPECT_EQ(tell(1, approval, a().sign).status, 200);
  const std::string id = random_hex(16);
  const json::object body{
      {"session", id}, {"plan", bound(plan, handle, a(), b().name)}, {"deadline_ms", 5'000}};
  const auto start = [&](std::size_t role) {
    return nodes().signed_ask(role, b().sign, "POST", "/v1/sessions", canonical(body));
  };
  EXPECT_EQ(start(0).status, 202);
  EXPECT_EQ(start(1).status, 202);
  const HttpsAnswer refused = start(2);
  EXPECT_EQ(error_code(refused), "forbidden");
  EXPECT_NE(error_message(refused).find("missing approvals: Bank A (none given)"),
            std::string::npos);
  EXPECT_NE(ended(0, id).at("state"), "done") << "two nodes alone compute nothing";
  for (std::size_t role = 0; role < 3; ++role) {
    EXPECT_EQ(nodes().get(role, "/v1/sessions/" + id + "/results/Bank%20B").status, 404);
  }
}

TEST_F(Approvals, OneNodeThatHeardOfARevocationIsEnough) {
  const std::string handle = table_of_a("one_node");
  const Graph plan = plan_of_mean("one_node");
  ask(plan, handle);
  Approval approval = approval_of(plan);
  const Revocation end{.by = a().name, .approval = id_of(approval)};
  EXPECT_EQ(tell(2, end, a().sign).status, 200) << "before the approval came";
  tell_all(approval);
  const json::object seen = ask(plan, handle);
  expect_missing(seen, "revoked");
}

TEST_F(Approvals, AllowWhatTheStandingRuleWouldNot) {
  const std::string handle = table_of_a("more");
  const Graph plan = plan_of_mean("more", 2);  // the table's rule says groups from 10 rows on
  ask(plan, handle);
  Approval approval = approval_of(plan);
  tell_all(approval);
  EXPECT_EQ(ask(plan, handle).at("state"), "done");

  const TypedUpload standing(nodes(), a(), ages(), "standing", analysis(10));
  put(standing, a());
  const Graph small = plan_of_mean("standing", 2);
  const json::object bound_small = bound(small, standing.handle(), a(), b().name);
  Approval useless = approval_of(small);
  tell_all(useless);
  EXPECT_NE(message_of(run(bound_small, a())).find("groups from 10 on"), std::string::npos)
      << "a table whose owner wants no approvals serves what its rule says";
}

TEST_F(Approvals, AnOwnerAloneWithItsTableNeedsNone) {
  const std::string handle = table_of_a("own");
  const Graph plan = mean_age("own", a().name, a().name, 1);
  EXPECT_EQ(run(bound(plan, handle, a(), a().name), a()).at("state"), "done");
  const Graph to_b = plan_of_mean("own");
  expect_missing(run(bound(to_b, handle, a(), b().name), a()), "none given");
}

TEST_F(Approvals, SubmissionsReachThoseWhomTheyConcern) {
  const std::string handle = table_of_a("submitted");
  const Graph plan = plan_of_mean("submitted");
  ask(plan, handle);
  const Submission asked{.by = b().name,
                         .name = "mean age",
                         .plan = to_hex(fingerprint(plan)),
                         .terms = approval_of(plan).terms};
  EXPECT_EQ(tell(0, asked, b().sign).status, 200);
  for (const Organisation* member : {&a(), &b()}) {
    const HttpsAnswer listed = nodes().signed_ask(0, member->sign, "GET", "/v1/plans");
    EXPECT_NE(listed.body.find(id_of(asked)), std::string::npos) << member->name << listed.body;
  }
  const Organisation stranger{.name = "Bank S"};
  nodes().admit(stranger);
  const HttpsAnswer listed = nodes().signed_ask(0, stranger.sign, "GET", "/v1/plans");
  EXPECT_EQ(listed.body.find(id_of(asked)), std::string::npos);
  const HttpsAnswer audit = nodes().signed_ask(0, stranger.sign, "GET", "/v1/audit?most=10000");
  EXPECT_EQ(audit.body.find(asked.plan), std::string::npos) << "of others' entries digests alone";
  EXPECT_NE(nodes().signed_ask(0, a().sign, "GET", "/v1/audit?most=10000").body.find(asked.plan),
            std::string::npos);
}

}  // namespace
}  // namespace polder
