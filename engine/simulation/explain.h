// What a plan does, costs and reveals, before it runs.
#pragma once

#include <string>
#include <vector>

#include "plan/graph.h"
#include "protocol/protocol.h"

namespace polder {

/// What each node of the plan takes under rep3, between nodes that are near, if every scan has as
/// many rows as it may: found by running the plan on sizes alone.
std::vector<Costs> predicted_costs(const Graph& plan);

/// Steps with their types, rounds and bytes; what is revealed to whom; what each column is used
/// for.
std::string explain(const Graph& plan);

}  // namespace polder
