// What a plan needs of a node's memory, from its shapes alone.
#pragma once

#include <cstdint>

#include "plan/graph.h"

namespace polder {

/// Bytes that a node holds at most while it does the plan: what is live before each step, and what
/// the step reads and writes, several times over. Every scan has as many rows as it may.
std::uint64_t memory_needed(const Graph& plan);

}  // namespace polder
