// A look-up plan on this node's tables.
#pragma once

#include "node/session/run.h"

namespace polder {

/// The bytes that the run needs at most.  Throws Error bad_schema.
std::uint64_t check_tables(const LookupPlan& plan, const PreparedRun& run);

void compute(const LookupPlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress);

}  // namespace polder
