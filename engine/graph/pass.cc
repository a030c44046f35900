#include "graph/pass.h"

namespace polder {
namespace {

/// Each row less the one before it.
Arith differences(const Arith& x) { return x - shift_rows(x, 1); }

/// Row i becomes the sum of rows i, i + 1 …
Arith suffix_sum(Protocol& mpc, const Arith& x) {
  const Indices only(x.size(), 0);
  return gather(mpc.workers(), total(x), only) - shift_rows(prefix_sum(x), 1);
}

}  // namespace

Arith at_edges_of_sources(Protocol& mpc, const PreparedGraph& graph, const Arith& of_nodes) {
  const Arith steps = graph.with_edges(mpc, differences(of_nodes));
  return graph.source_to_target(prefix_sum(graph.key_to_source(steps)));
}

Arith at_edges_of_targets(Protocol& mpc, const PreparedGraph& graph, const Arith& of_nodes) {
  const Arith steps = graph.with_edges(mpc, of_nodes - shift_rows(of_nodes, -1));
  return suffix_sum(mpc, graph.key_to_target(steps));
}

Arith sums_at_targets(const PreparedGraph& graph, const Arith& of_edges) {
  return differences(graph.without_edges(graph.target_to_key(prefix_sum(of_edges))));
}

}  // namespace polder
