// A plan on this node's tables: checked, allowed, weighed and run. What is special to a kind of
// plan is in match_run.h, lookup_run.h and table_run.h.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "plan/graph.h"
#include "protocol/protocol.h"
#include "store/members.h"
#include "store/plans.h"
#include "store/table_store.h"
#include "wire/plan.h"

namespace polder {

/// A plan and the published tables that it names, which fit together.
struct PreparedRun {
  Plan plan;
  std::vector<std::shared_ptr<const TableRecord>> tables = {};  // in the plan's order
  std::vector<Member> recipients = {};
  std::shared_ptr<const Graph> steps = {};  // of a table plan
  std::vector<std::string> approvals = {};  // ids of those that it uses (node/approvals.h)
  std::uint64_t rows = 0;                   // of all tables
  std::uint64_t memory_bytes = 0;           // that the run needs at most
};

/// Everybody whom a run concerns, each once.
std::set<std::string> members_of(const Plan& plan, const std::string& requester);

/// What this node keeps that runs are made of.
struct RunSources {
  TableStore& tables;
  Members& members;
  Plans& plans;
};

/// Throws Error not_found (a table, recipient or plan), forbidden (a party that does not own its
/// table) or bad_schema (columns that are missing or of other types; a plan that is not sound).
PreparedRun prepare(const Plan& plan, const RunSources& from);

/// A match is asked for by an owner of one of its tables, a look-up by the one who learns its
/// answer, a table plan by an owner of one of its tables or by whom all of them name as a partner,
/// unless they want to approve each plan (approvals.h), an ingest check by the table's owner; what
/// the owners allow is in rules.h. Throws Error forbidden.
void authorise(const PreparedRun& run, std::string_view requester);

/// What a run needs of the node that it runs on.
struct RunPlace {
  Protocol& mpc;
  int role;
  TableStore& tables;
};

/// Loads the tables' shares and computes. Throws Error cheating if what is stored was changed, and
/// as the computation does.
void compute(const PreparedRun& run, const RunPlace& place, const Progress& progress);

}  // namespace polder
