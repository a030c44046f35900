// The same steps as at the nodes, in this process and on tables in the clear: openings and what
// they withhold included.
#pragma once

#include <string_view>
#include <vector>

#include "plan/plain_table.h"
#include "table/execution.h"
#include "table/result.h"

namespace polder {

/// What the recipients of the plan's openings would get, in the order of its roots. Tables by name,
/// or NAME@OWNER where the plan says whose. `protocol`:
/// "cleartext", or "rep3" for three parties on threads of their own. `costs`, if given: what each
/// node of the plan took, at the first party.
/// Throws Error bad_schema if the plan is not sound or a table does not fit it, and what a run
/// throws.
std::vector<Result> simulate(const Graph& plan, const PlainTables& tables,
                             const Parameters& parameters, std::string_view protocol,
                             std::vector<Costs>* costs = nullptr);

}  // namespace polder
