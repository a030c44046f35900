// A plan on this node's tables: checked, allowed, weighed and run. What is special to a kind of
// plan is in match_run.h and lookup_run.h.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "match/progress.h"
#include "protocol/protocol.h"
#include "store/members.h"
#include "store/table_store.h"
#include "wire/plan.h"

namespace polder {

/// A plan and the published tables that it names, which fit together.
struct PreparedRun {
  Plan plan;
  std::vector<std::shared_ptr<const TableRecord>> tables = {};  // in the plan's order
  std::vector<Member> recipients = {};
  std::uint64_t rows = 0;          // of all tables
  std::uint64_t memory_bytes = 0;  // that the run needs at most
};

/// Throws Error not_found (a table or recipient), forbidden (a party that does not own its table)
/// or bad_schema (columns that are missing or too narrow).
PreparedRun prepare(const Plan& plan, TableStore& tables, Members& members);

/// A match is asked for by an owner of one of its tables, a look-up by the one who learns its
/// answer; what the owners allow is in rules.h.  Throws Error forbidden.
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
