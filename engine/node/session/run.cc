#include "node/session/run.h"

#include <algorithm>

#include "base/error.h"
#include "node/session/lookup_run.h"
#include "node/session/match_run.h"
#include "node/session/table_run.h"
#include "operators/all_operators.h"
#include "plan/text.h"

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

bool is_party(const PreparedRun& run, std::string_view requester) {
  return std::ranges::any_of(run.tables,
                             [&](const auto& table) { return table->manifest.owner == requester; });
}

void check_requester(const MatchPlan& plan, const PreparedRun&, std::string_view requester) {
  if (std::ranges::find(plan.parties, requester) != plan.parties.end()) return;
  fail(Code::forbidden, "session: '{}' owns none of the plan's tables, so it cannot ask for it",
       requester);
}

void check_requester(const TablePlan&, const PreparedRun& run, std::string_view requester) {
  if (is_party(run, requester)) return;
  for (const auto& table : run.tables) {
    const auto& partners = table->manifest.serves.partners;
    if (std::ranges::find(partners, requester) != partners.end()) continue;
    fail(Code::forbidden,
         "session: '{}' owns none of the plan's tables and is no named partner of table '{}' of "
         "'{}'; its owner may upload it again with --for {}",
         requester, table->manifest.name, table->manifest.owner, requester);
  }
}

void check_requester(const IngestPlan&, const PreparedRun& run, std::string_view requester) {
  if (is_party(run, requester)) return;
  fail(Code::forbidden, "session: an ingest check is asked for by the table's owner");
}

void check_requester(const LookupPlan& plan, const PreparedRun&, std::string_view requester) {
  const std::string& expected = plan.parties[LookupPlan::requester];
  if (expected == requester) return;
  fail(Code::forbidden, "session: a look-up for '{}' is asked for by '{}' alone, not by '{}'",
       expected, expected, requester);
}

std::shared_ptr<const Graph> steps_of(const TablePlan& plan, Plans& plans) {
  const auto text = plans.find(plan.fingerprint);
  if (!text) {
    fail(Code::not_found, "plan: this node has no plan {}; put it there first", plan.fingerprint);
  }
  return std::make_shared<const Graph>(parse_plan(*text, all_operators()));
}

}  // namespace

PreparedRun prepare(const Plan& plan, const RunSources& from) {
  PreparedRun run{.plan = plan};
  const PlanParties names = parties_of(plan);
  const bool is_ingest = std::holds_alternative<IngestPlan>(plan);
  for (std::size_t i = 0; i < names.tables.size(); ++i) {
    run.tables.push_back(is_ingest ? from.tables.finished(names.tables[i])
                                   : from.tables.checked(names.tables[i]));
    check_owner(*run.tables.back(), names.parties[i]);
    run.rows += run.tables.back()->manifest.rows;
  }
  if (const auto* const of_tables = std::get_if<TablePlan>(&plan)) {
    run.steps = steps_of(*of_tables, from.plans);
  } else if (!is_ingest) {
    check_keys(run);
  }
  for (const std::string& name : names.to) {
    const auto member = from.members.named(name);
    if (!member) fail(Code::not_found, "plan: the recipient '{}' is not admitted here", name);
    run.recipients.push_back(*member);
  }
  run.memory_bytes =
      std::visit([&](const auto& of_kind) { return check_tables(of_kind, run); }, run.plan);
  return run;
}

void authorise(const PreparedRun& run, std::string_view requester) {
  std::visit([&](const auto& plan) { check_requester(plan, run, requester); }, run.plan);
}

void compute(const PreparedRun& run, const RunPlace& place, const Progress& progress) {
  progress(0, "load the tables");
  std::visit([&](const auto& plan) { compute(plan, run, place, progress); }, run.plan);
}

}  // namespace polder
