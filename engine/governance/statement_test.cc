// Statements have one text, refuse whatever is not exactly that, and hold for nothing but what they
// say. Oracle for ids: a vector computed by hand of the signed bytes.
#include "governance/statement.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "crypto/hex.h"
#include "governance/approval_use.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace polder {
namespace {

const std::string network(32, '0');

/// The sum of a column of a table of "town", to "CBS".
Graph plan(int min_group = 10) {
  Graph graph(all_operators());
  const Json column = Json::List{"days", to_json(Type::integer(0, 9))};
  const StepId scan = graph.add("scan@1", {},
                                Json::Object{{"table", "visits"},
                                             {"owner", "town"},
                                             {"most_rows", 100},
                                             {"columns", Json::List{column}}});
  const StepId days = graph.add("column@1", {scan}, Json::Object{{"name", "days"}});
  const StepId sum = graph.add("aggregate@1", {days}, Json::Object{{"get", "sum"}});
  const StepId root = graph.add(
      "open@1", {sum},
      Json::Object{{"label", "total"}, {"to", Json::List{"CBS"}}, {"min_group", min_group}});
  return plan_of(graph, std::array{root});
}

std::string print_of(const Graph& graph) { return to_hex(fingerprint(graph)); }

Approval approval() {
  return {.by = "town",
          .plan = print_of(plan()),
          .tables = {"visits"},
          .openings = disclosures_of(plan()),
          .terms = {.purpose = "care",
                    .from_ms = 1000,
                    .until_ms = 2000,
                    .max_runs = 3,
                    .requesters = {"CBS", "town"}},
          .nonce = std::string(32, 'a')};
}

TEST(Statement, IdsAreOfTheSignedBytes) {
  // BLAKE2b-256 of "polder statement v1\n", 32 zeros, "\n" and the text, computed with Python's
  // hashlib.
  const std::string text = R"({"by":{"key":")" + std::string(64, '1') +
                           R"(","org":"ABN","person":"p1"},"charter":3,"nonce":")" +
                           std::string(32, '2') +
                           R"(","reason":"score no longer held","target":")" +
                           std::string(64, '3') + R"(","time":1764529200000,"type":"revoke@1"})";
  const Json value = parse_json(text, "vector");
  EXPECT_EQ(signed_bytes(network, value), "polder statement v1\n" + network + "\n" + text);
  EXPECT_EQ(statement_id(network, value),
            "0058aeeaa15a613cba64a6338a78ce42be14cf7be3678ed5a79d113a2c5a453c");
}

TEST(Statement, IsReadBackAsItWasWritten) {
  const Approval given = approval();
  const Submission asked{.by = "CBS", .name = "days", .plan = given.plan, .terms = given.terms};
  const Revocation end{.by = "town", .approval = std::string(64, 'b')};
  for (const Statement& statement : {Statement(given), Statement(asked), Statement(end)}) {
    EXPECT_EQ(parse_statement(to_json(statement)), statement);
    const SigningKey key = SigningKey::random();
    const SignedStatement said = sign(network, statement, key);
    const SignedStatement read = parse_signed(to_text(said));
    EXPECT_EQ(read.statement, statement);
    EXPECT_TRUE(is_signed_by(key.verify_key(), network, read));
    EXPECT_FALSE(is_signed_by(key.verify_key(), std::string(32, '1'), read));
    EXPECT_FALSE(is_signed_by(SigningKey::random().verify_key(), network, read));
  }
}

/// Every field is needed, none may be added, each must be of its kind.
TEST(Statement, TakesNoOtherFields) {
  const Json whole = to_json(Statement(approval()));
  const auto& members = *whole.get_if<Json::Object>();
  for (const auto& [name, value] : members) {
    Json::Object without = members;
    without.erase(name);
    EXPECT_THROW(parse_statement(without), Error) << name;
    for (const Json& wrong :
         {Json(), Json(true), Json(7), Json("x"), Json(Json::List{7}), Json(Json::Object{})}) {
      if (name == "by" && wrong == Json("x")) continue;  // a name like any other
      Json::Object bent = members;
      bent[name] = wrong;
      EXPECT_THROW(parse_statement(bent), Error) << name << json_text(wrong);
    }
  }
  Json::Object more = members;
  more["note"] = "x";
  EXPECT_THROW(parse_statement(more), Error);
}

TEST(Statement, ListsHaveOneOrderAndTermsAnEnd) {
  const auto refuses = [](auto bend) {
    Approval bent = approval();
    bend(bent);
    EXPECT_THROW(parse_statement(to_json(Statement(bent))), Error);
  };
  refuses([](Approval& bent) { bent.terms.requesters = {"town", "CBS"}; });
  refuses([](Approval& bent) { bent.terms.requesters = {"CBS", "CBS"}; });
  refuses([](Approval& bent) { bent.terms.requesters = {}; });
  refuses([](Approval& bent) { bent.tables = {}; });
  refuses([](Approval& bent) { bent.openings = {}; });
  refuses([](Approval& bent) { bent.terms.until_ms = bent.terms.from_ms; });
  refuses([](Approval& bent) { bent.terms.until_ms += RunTerms::longest_ms; });
  refuses([](Approval& bent) { bent.terms.max_runs = 0; });
  refuses([](Approval& bent) { bent.terms.purpose = "a\nb"; });
  refuses([](Approval& bent) { bent.plan[0] = 'F'; });
  refuses([](Approval& bent) { bent.nonce += "00"; });
}

/// Whatever byte of a signed text is changed, it is refused or another statement, and no longer
/// signed.
TEST(Statement, NoOtherBytesAreTheSameStatement) {
  const SigningKey key = SigningKey::random();
  const std::string good = to_text(sign(network, approval(), key));
  std::mt19937 random(7);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bent = good;
    bent[at] = static_cast<char>(bent[at] ^ (1 << (random() % 7)));
    try {
      const SignedStatement read = parse_signed(bent);
      EXPECT_FALSE(is_signed_by(key.verify_key(), network, read)) << bent;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::bad_input) << bent;
    }
  }
}

TEST(Approval, SaysWhatThePlanReadsAndOpens) {
  const std::vector<Disclosure> openings = disclosures_of(plan());
  ASSERT_EQ(openings.size(), 1);
  EXPECT_EQ(openings[0],
            (Disclosure{.label = "total", .to = {"CBS"}, .min_group = 10, .rows = false}));
  EXPECT_EQ(tables_of(plan(), "town"), std::vector<std::string>{"visits"});
  EXPECT_EQ(tables_of(plan(), "CBS"), std::vector<std::string>{});
  EXPECT_EQ(owners_of(plan()), std::vector<std::string>{"town"});
  EXPECT_NO_THROW(require_fits(approval(), plan()));
  EXPECT_THROW(require_fits(approval(), plan(9)), Error);
  Approval other = approval();
  other.tables = {"other"};
  EXPECT_THROW(require_fits(other, plan()), Error);
  other = approval();
  other.by = "CBS";
  EXPECT_THROW(require_fits(other, plan()), Error);
}

TEST(Approval, HoldsForNothingButWhatItSays) {
  const Graph steps = plan(), others = plan(9);
  const std::string print = print_of(steps), other_print = print_of(others);
  const auto why = [&](auto bend) {
    ApprovalUse use{
        .plan = steps, .fingerprint = print, .owner = "town", .requester = "CBS", .now_ms = 1500};
    bend(use);
    return objection(approval(), use);
  };
  EXPECT_EQ(why([](ApprovalUse&) {}), "");
  EXPECT_EQ(why([](ApprovalUse& use) { use.now_ms = 1000; }), "");
  EXPECT_EQ(why([](ApprovalUse& use) { use.now_ms = 1999; }), "");
  EXPECT_EQ(why([](ApprovalUse& use) { use.now_ms = 999; }), "not yet valid");
  EXPECT_EQ(why([](ApprovalUse& use) { use.now_ms = 2000; }), "expired");
  EXPECT_EQ(why([&](ApprovalUse& use) { use.fingerprint = other_print; }), "of another plan");
  EXPECT_EQ(why([](ApprovalUse& use) { use.owner = "CBS"; }), "of another owner");
  EXPECT_EQ(why([](ApprovalUse& use) { use.requester = "cbs"; }),
            "not for runs that 'cbs' asks for");
  const ApprovalUse forged{
      .plan = others, .fingerprint = print, .owner = "town", .requester = "CBS", .now_ms = 1500};
  EXPECT_EQ(objection(approval(), forged), "of other openings");
}

}  // namespace
}  // namespace polder
