// One pass of values along all edges of a graph at once, in a constant number of rounds: the rows
// that want a node's value stand behind or before it, so running sums of differences bring it to
// them, and differences of running sums bring back what reached a node. All sums are mod 2^64; only
// the answers must fit. Source: Koti, Kukkala, Patra, Raj Gopal, "Graphiti: Secure Graph
// Computation Made More Scalable", CCS 2024.
#pragma once

#include "graph/prepared_graph.h"

namespace polder {

/// Each edge gets the value of its source.  of_nodes [V], by key -> [V + E], by target; arbitrary
/// where the edge is not known, and in rows of nodes.  6 rounds, 32 B a row.  Reveals nothing.
Arith at_edges_of_sources(Protocol& mpc, const PreparedGraph& graph, const Arith& of_nodes);

/// Each edge gets the value of its target.  As at_edges_of_sources, 3 rounds, 16 B a row.
/// Reveals nothing.
Arith at_edges_of_targets(Protocol& mpc, const PreparedGraph& graph, const Arith& of_nodes);

/// Each node gets the sum over the edges that reach it.  of_edges [V + E], by target, 0 where the
/// edge is not known and in rows of nodes -> [V], by key.  3 rounds, 16 B a row.  Reveals nothing.
Arith sums_at_targets(const PreparedGraph& graph, const Arith& of_edges);

}  // namespace polder
