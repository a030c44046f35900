// A match plan on this node's tables.
#pragma once

#include "node/session/run.h"

namespace polder {

/// The bytes that the run needs at most.  Throws Error bad_schema.
std::uint64_t check_tables(const MatchPlan& plan, const PreparedRun& run);

void compute(const MatchPlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress);

}  // namespace polder
