#include "graph/pass.h"

#include "graph/plain_graph_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::PlainGraph;
using testing::Values;

class PassTest : public testing::Operator {
 protected:
  /// Sums, at each node, of what `at_edges` says of the known edges that reach it.
  template <typename AtEdges>
  Values sums(const PlainGraph& graph, AtEdges&& at_edges) {
    return arith([&](Party& party) {
      Protocol& mpc = party.mpc();
      const PreparedGraph prepared = graph.on_shares(party);
      const Arith known = mpc.to_arith(prepared.known_edges());
      const Arith at = at_edges(mpc, prepared, prepared.by_key(party.input(graph.values())));
      return prepared.as_given(sums_at_targets(prepared, mpc.mul(at, known)));
    });
  }
};

TEST_P(PassTest, BringsValuesOfSourcesToTargets) {
  for (const PlainGraph& graph : PlainGraph::samples()) {
    Values wanted(graph.nodes.size(), 0);
    graph.each_known([&](const PlainGraph::Edge&, std::size_t source, std::size_t target) {
      wanted[target] += graph.nodes[source].value;
    });
    graph.expect(sums(graph, at_edges_of_sources), wanted);
  }
}

TEST_P(PassTest, BringsValuesOfTargetsToTheEdgesThatReachThem) {
  for (const PlainGraph& graph : PlainGraph::samples()) {
    Values wanted(graph.nodes.size(), 0);
    graph.each_known([&](const PlainGraph::Edge&, std::size_t, std::size_t target) {
      wanted[target] += graph.nodes[target].value;
    });
    graph.expect(sums(graph, at_edges_of_targets), wanted);
  }
}

POLDER_EVERY_PROTOCOL(PassTest);

}  // namespace
}  // namespace polder
