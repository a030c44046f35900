// Oracle: for each thing that an owner may say, a run that keeps to it and one that does not.
#include "node/rules.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace polder {
namespace {

using Use = TableRule::Use;

const std::string session(32, '5');
constexpr std::int64_t now = 1000;

std::shared_ptr<TableRecord> table(const std::string& owner, std::uint64_t rows, TableRule rule) {
  auto made = std::make_shared<TableRecord>();
  made->handle = std::string(32, owner[0]);
  made->manifest.owner = owner;
  made->manifest.rows = rows;
  made->manifest.serves = std::move(rule);
  return made;
}

/// a's table has the rule; b's and c's take part in whatever comes.
PreparedRun match_run(TableRule rule, MatchPlan::Show show = MatchPlan::Show::rows) {
  MatchPlan plan{.tables = {},
                 .parties = {"a", "b", "c"},
                 .threshold = 2,
                 .min_flags = 0,
                 .to = {"b", "d"},
                 .show = show,
                 .attribute = "",
                 .at_least = 5};
  const TableRule any{.threshold = 1};
  PreparedRun run{
      .plan = plan,
      .tables = {table("a", 10, std::move(rule)), table("b", 20, any), table("c", 30, any)}};
  return run;
}

PreparedRun lookup_run(TableRule requester, TableRule owner) {
  return {.plan = LookupPlan{.tables = {}, .parties = {"a", "b"}, .to = {"a"}, .report = ""},
          .tables = {table("a", 1, std::move(requester)), table("b", 9, std::move(owner))}};
}

std::string error_of(const PreparedRun& run, std::string_view requester = "b") {
  try {
    check_rules(run, {.session = session, .requester = requester, .now_ms = now});
    return "";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::forbidden);
    return std::string(error.what());
  }
}

void expect_refused(const PreparedRun& run, std::string_view words,
                    std::string_view requester = "b") {
  const std::string error = error_of(run, requester);
  EXPECT_NE(error.find(words), std::string::npos) << error;
  EXPECT_NE(error.find("of 'a'"), std::string::npos) << "names the owner: " << error;
}

TEST(Rules, AMatchFromACarefulThresholdOnIsWhatATableServesIfNothingIsSaid) {
  EXPECT_EQ(error_of(match_run({})), "");
  PreparedRun run = match_run({});
  std::get<MatchPlan>(run.plan).threshold = 1;
  expect_refused(run, "from a threshold of 2 on, not 1");
}

TEST(Rules, OfUseTellMatchesRegistersAndQueriesApart) {
  EXPECT_EQ(error_of(match_run({.uses = {Use::match}})), "");
  expect_refused(match_run({.uses = {Use::lookup}}), "serves lookup, not match");
  expect_refused(match_run({.uses = {Use::queries}}), "serves questions, not match");
  const TableRule queries{.uses = {Use::queries}}, both{};
  EXPECT_EQ(error_of(lookup_run(queries, both), "a"), "");
  expect_refused(lookup_run(both, both), "serves match, lookup, not questions", "a");
  EXPECT_NE(error_of(lookup_run(queries, {.uses = {Use::match}}), "a").find("not lookup"),
            std::string::npos);
}

TEST(Rules, OfPartnersHoldForPartiesRecipientsAndWhoAsks) {
  EXPECT_EQ(error_of(match_run({.partners = {"b", "c", "d"}})), "");
  expect_refused(match_run({.partners = {"b", "d"}}), "used by or for 'c'");
  expect_refused(match_run({.partners = {"b", "c"}}), "used by or for 'd'");
  expect_refused(match_run({.partners = {"b", "c", "d"}}), "used by or for 'e'", "e");
}

TEST(Rules, OfTablesNameAllThatMayStandBeside) {
  const std::string b(32, 'b'), c(32, 'c');
  EXPECT_EQ(error_of(match_run({.with = {b, c}})), "");
  expect_refused(match_run({.with = {b}}), "may not stand beside table " + c);
}

TEST(Rules, OfNumbersHoldForAllThatIsNotRows) {
  using Show = MatchPlan::Show;
  EXPECT_EQ(error_of(match_run({.at_least = 6})), "") << "rows";
  for (const Show show : {Show::count, Show::union_size, Show::sum, Show::mean}) {
    EXPECT_EQ(error_of(match_run({.at_least = 5}, show)), "");
    expect_refused(match_run({.at_least = 6}, show), "numbers of at least 6 matches, not 5");
  }
}

TEST(Rules, OfOneRunHoldForNoOther) {
  EXPECT_EQ(error_of(match_run({.session = session})), "");
  expect_refused(match_run({.session = std::string(32, '6')}), "one other run alone");
}

TEST(Rules, OfTimeEnd) {
  EXPECT_EQ(error_of(match_run({.until = now + 1})), "");
  expect_refused(match_run({.until = now}), "has ended");
}

TEST(Rules, OfRowsCountThoseOfOtherOwners) {
  const PreparedRun run = match_run({});
  EXPECT_EQ(rows_asked(run, *run.tables[0]), 50u);
  EXPECT_EQ(rows_asked(run, *run.tables[2]), 30u);
}

}  // namespace
}  // namespace polder
