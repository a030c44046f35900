// A plan of operators on this node's tables, and the check of a typed table before it is published.
#pragma once

#include "node/session/run.h"

namespace polder {

/// The bytes that the run needs at most.  Throws Error bad_schema for tables that are not those
/// that the plan reads, forbidden if somebody would learn more than owners allow without being
/// asked.
std::uint64_t check_tables(const TablePlan& plan, const PreparedRun& run);
std::uint64_t check_tables(const IngestPlan& plan, const PreparedRun& run);

void compute(const TablePlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress);
/// Marks the table as sound at this node.
void compute(const IngestPlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress);

}  // namespace polder
