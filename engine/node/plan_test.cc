// Oracle: the rules of SPEC section 7, one plan written out and bent in every way.
#include "node/plan.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "base/error.h"
#include "store/json.h"

namespace polder {
namespace {

const std::string good = R"({"kind":"match","tables":["00000000000000000000000000000001",)"
                         R"("00000000000000000000000000000002"],"parties":["A","B"],"threshold":2,)"
                         R"("min_flags":1,"to":["A"],"show":"rows"})";

MatchPlan parse(const std::string& text) { return parse_plan(parse_object(text, "plan")); }

std::string with(std::string_view from, std::string_view to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Plan, ReadsBackWhatItWrites) {
  const MatchPlan plan = parse(good);
  EXPECT_EQ(plan.parties, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(plan.at_least, 0u);
  EXPECT_EQ(canonical(parse(canonical(plan))), canonical(plan));
  const MatchPlan sum = parse(with(R"("rows")", R"("sum","attribute":"risk","at_least":5)"));
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
      {"00000000000000000000000000000002", "00000000000000000000000000000001"},
      {"00000000000000000000000000000002", "../../etc/passwd"},
  };
  for (const auto& [from, to] : changes) EXPECT_THROW(parse(with(from, to)), Error) << to;
}

}  // namespace
}  // namespace polder
