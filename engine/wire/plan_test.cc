// Oracle: the rules of SPEC section 7, one plan written out and bent in every way.
#include "wire/plan.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"

namespace polder {
namespace {

const std::string good = R"({"kind":"match","tables":["00000000000000000000000000000001",)"
                         R"("00000000000000000000000000000002"],"parties":["A","B"],"threshold":2,)"
                         R"("min_flags":1,"to":["A"],"show":"rows"})";

const std::string good_lookup =
    R"({"kind":"lookup","tables":["00000000000000000000000000000001",)"
    R"("00000000000000000000000000000002"],"parties":["A","B"],"to":["A"],"report":"why"})";

Plan parse(const std::string& text) { return parse_plan(parse_object(text, "plan")); }

std::string with(std::string_view from, std::string_view to, std::string text = good) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Plan, ReadsBackWhatItWrites) {
  const auto plan = std::get<MatchPlan>(parse(good));
  EXPECT_EQ(plan.parties, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(plan.at_least, 0u);
  EXPECT_EQ(canonical(parse(canonical(plan))), canonical(plan));
  const Plan sum = parse(with(R"("rows")", R"("sum","attribute":"risk","at_least":5)"));
  EXPECT_EQ(canonical(parse(canonical(sum))), canonical(sum));
  EXPECT_NE(canonical(sum), canonical(plan));
}

TEST(Plan, RefusesWhatDoesNotFit) {
  const std::pair<const char*, const char*> changes[]{
      {R"("kind":"match")", R"("kind":"train")"},
      {R"("threshold":2)", R"("threshold":0)"},
      {R"("threshold":2)", R"("threshold":3)"},
      {R"("threshold":2)", R"("threshold":2.5)"},
      {R"("threshold":2)", R"("threshold":"2")"},
      {R"("min_flags":1)", R"("min_flags":3)"},
      {R"("min_flags":1)", R"("min_flags":-1)"},
      {R"(["A","B"])", R"(["A","A"])"},
      {R"(["A","B"])", R"(["A"])"},
      {R"(["A","B"])", R"(["A","B","C"])"},
      {R"("to":["A"])", R"("to":[])"},
      {R"("to":["A"])", R"("to":["A","A"])"},
      {R"("to":["A"])", R"("to":["C"])"},
      {R"("to":["A"])", R"("to":[1])"},
      {R"("to":["A"])", R"("to":["A\u0000"])"},
      {R"("rows")", R"("everything")"},
      {R"("rows")", R"("sum")"},
      {R"("rows")", R"("rows","attribute":"risk")"},
      {R"("rows")", R"("rows","extra":1)"},
      {R"("rows")", R"("rows","at_least":-1)"},
      {R"("to":["A"])", R"("at_least":2,"to":["A","B"])"},
      {"00000000000000000000000000000002", "00000000000000000000000000000001"},
      {"00000000000000000000000000000002", "../../etc/passwd"},
  };
  for (const auto& [from, to] : changes) EXPECT_THROW(parse(with(from, to)), Error) << to;
}

TEST(Plan, ReadsBackALookup) {
  const auto plan = std::get<LookupPlan>(parse(good_lookup));
  EXPECT_EQ(plan.parties[LookupPlan::requester], "A");
  EXPECT_EQ(plan.report, "why");
  EXPECT_EQ(canonical(parse(canonical(plan))), canonical(plan));
  const auto without = std::get<LookupPlan>(parse(with(R"(,"report":"why")", "", good_lookup)));
  EXPECT_EQ(without.report, "");
  EXPECT_NE(canonical(without), canonical(plan));
}

TEST(Plan, RefusesALookupThatDoesNotFit) {
  const std::pair<const char*, const char*> changes[]{
      {R"("to":["A"])", R"("to":["B"])"},
      {R"("to":["A"])", R"("to":["A","B"])"},
      {R"("to":["A"])", R"("to":[])"},
      {R"(["A","B"])", R"(["A"])"},
      {R"(["A","B"])", R"(["A","B","C"])"},
      {R"("00000000000000000000000000000001",)", ""},
      {"00000000000000000000000000000002", "00000000000000000000000000000001"},
      {R"("report":"why")", R"("report":"")"},
      {R"("report":"why")", R"("report":1)"},
      {R"("report":"why")", R"("threshold":2)"},
      {R"("kind":"lookup")", R"("kind":"match")"},
  };
  for (const auto& [from, to] : changes) {
    EXPECT_THROW(parse(with(from, to, good_lookup)), Error) << to;
  }
}

}  // namespace
}  // namespace polder
