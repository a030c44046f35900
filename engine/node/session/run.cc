#include "node/session/run.h"

#include <algorithm>

#include "base/error.h"
#include "node/session/lookup_run.h"
#include "node/session/match_run.h"

namespace polder {
namespace {

void check_owner(const TableRecord& table, const std::string& party) {
  if (table.manifest.owner == party) return;
  fail(Code::forbidden, "plan: table {} belongs to '{}', not to the party '{}'", table.handle,
       table.manifest.owner, party);
}

/// Hashes of identifiers that were brought into different forms never match, whoever they are of.
void check_keys(const PreparedRun& run) {
  const Manifest& first = run.tables.front()->manifest;
  for (const auto& table : run.tables) {
    if (comparable(first.key, table->manifest.key)) continue;
    fail(Code::bad_schema,
         "plan: the identifiers of table '{}' of '{}' are {}, those of '{}' of '{}' are {}; upload "
         "one of them again with the key of the other (--id COL:KIND)",
         first.name, first.owner, shown(first.key), table->manifest.name, table->manifest.owner,
         shown(table->manifest.key));
  }
}

void check_requester(const MatchPlan& plan, std::string_view requester) {
  if (std::ranges::find(plan.parties, requester) != plan.parties.end()) return;
  fail(Code::forbidden, "session: '{}' owns none of the plan's tables, so it cannot ask for it",
       requester);
}

void check_requester(const LookupPlan& plan, std::string_view requester) {
  const std::string& expected = plan.parties[LookupPlan::requester];
  if (expected == requester) return;
  fail(Code::forbidden, "session: a look-up for '{}' is asked for by '{}' alone, not by '{}'",
       expected, expected, requester);
}

}  // namespace

PreparedRun prepare(const Plan& plan, TableStore& tables, Members& members) {
  PreparedRun run{.plan = plan};
  const PlanParties names = parties_of(plan);
  for (std::size_t i = 0; i < names.tables.size(); ++i) {
    run.tables.push_back(tables.checked(names.tables[i]));
    check_owner(*run.tables.back(), names.parties[i]);
    run.rows += run.tables.back()->manifest.rows;
  }
  check_keys(run);
  for (const std::string& name : names.to) {
    const auto member = members.named(name);
    if (!member) fail(Code::not_found, "plan: the recipient '{}' is not admitted here", name);
    run.recipients.push_back(*member);
  }
  run.memory_bytes =
      std::visit([&](const auto& of_kind) { return check_tables(of_kind, run); }, run.plan);
  return run;
}

void authorise(const PreparedRun& run, std::string_view requester) {
  std::visit([&](const auto& plan) { check_requester(plan, requester); }, run.plan);
}

void compute(const PreparedRun& run, const RunPlace& place, const Progress& progress) {
  progress(0, "load the tables");
  std::visit([&](const auto& plan) { compute(plan, run, place, progress); }, run.plan);
}

}  // namespace polder
