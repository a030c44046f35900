// Whether a run is what its tables' owners allow: each table's rule (wire/table_rule.h) against
// the plan, who asks, and the time at this node.
#pragma once

#include <cstdint>
#include <string_view>

#include "node/session/run.h"

namespace polder {

/// What of a run is not in its plan.
struct Asked {
  std::string_view session;
  std::string_view requester;
  std::int64_t now_ms;
};

/// Throws Error forbidden naming the table, its owner and what the owner allows.
void check_rules(const PreparedRun& run, const Asked& asked);

/// Rows of other owners' tables that the run compares with this table: what its owner's bound on
/// rows a day counts.
std::uint64_t rows_asked(const PreparedRun& run, const TableRecord& of);

}  // namespace polder
