// A match plan on this node's tables: checked, allowed, weighed and run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "match/match.h"
#include "node/plan.h"
#include "store/members.h"
#include "store/table_store.h"

namespace polder {

/// A plan and the published tables that it names, which fit together.
struct PreparedMatch {
  MatchPlan plan;
  std::vector<std::shared_ptr<const TableRecord>> tables;  // in the plan's order
  std::vector<Member> recipients;
  std::optional<std::size_t> asker;  // whose table has one place a bin, if all are in bins
  std::uint64_t rows;                // of all tables
  std::uint64_t memory_bytes;        // that the run needs at most
};

/// Throws Error not_found (a table or recipient), forbidden (a party that does not own its table)
/// or bad_schema (columns that are missing or too narrow).
PreparedMatch prepare(const MatchPlan& plan, TableStore& tables, Members& members);

/// The place where approvals are asked for. Today: whoever asks owns one of the tables.
/// Throws Error forbidden.
void authorise(const PreparedMatch& match, std::string_view requester);

/// Loads the tables' shares and runs the match. Throws Error cheating if what is stored was
/// changed, and as `match` does.
void run(Protocol& mpc, const PreparedMatch& match, int role, TableStore& tables,
         const Progress& progress);

}  // namespace polder
