#include "client/nodes/rule_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/wall_clock.h"

namespace polder {
namespace {

constexpr std::uint64_t careful_at_least = 10;
constexpr std::uint64_t careful_rows = 100'000, careful_times_own = 4;
constexpr std::chrono::milliseconds spare{3'600'000};  // for clocks that differ

}  // namespace

TableRule rule_for(const PartyFile& file, const RuleOptions& options) {
  TableRule rule;
  if (!options.uses.empty()) rule.uses.clear();
  for (const std::string& word : options.uses) {
    const TableRule::Use use = use_named(word);
    const bool for_files = use == TableRule::Use::match || use == TableRule::Use::lookup;
    if (!for_files || std::ranges::find(rule.uses, use) != rule.uses.end()) {
      fail(Code::bad_input, "--serves is match, lookup or both with a comma between, not '{}'",
           fmt::join(options.uses, ","));
    }
    rule.uses.push_back(use);
  }
  rule.partners = options.partners;
  rule.threshold = options.threshold.value_or(rule.threshold);
  rule.at_least = options.at_least.value_or(file.attribute.empty() ? 0 : careful_at_least);
  rule.rows_per_day = options.rows_per_day.value_or(
      std::max<std::uint64_t>(careful_rows, careful_times_own * file.size()));
  rule.until = options.until;
  return rule;
}

TableRule rule_for_plans(const RuleOptions& options) {
  TableRule rule{.uses = {TableRule::Use::analysis},
                 .partners = options.partners,
                 .at_least = options.at_least.value_or(careful_at_least),
                 .until = options.until,
                 .approval = options.approval};
  for (const std::string& word : options.uses) {
    const TableRule::Use use = use_named(word);
    if (use == TableRule::Use::analysis) continue;
    if (use != TableRule::Use::risk)
      fail(Code::bad_input, "a typed table serves analysis, and risk with it, not '{}'", word);
    if (rule.uses.back() != use) rule.uses.push_back(use);
  }
  return rule;
}

TableRule rule_for_run(const std::string& session, std::chrono::milliseconds deadline) {
  return {.threshold = 1,
          .session = session,
          .until = static_cast<std::uint64_t>(now_ms() + (deadline + spare).count())};
}

}  // namespace polder
