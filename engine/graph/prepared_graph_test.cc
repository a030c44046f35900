#include "graph/plain_graph_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::PlainGraph;
using testing::Values;

class PreparedGraphTest : public testing::Operator {};

TEST_P(PreparedGraphTest, ValuesComeBackWhereTheyWere) {
  for (const PlainGraph& graph : PlainGraph::samples()) {
    const Values seen = arith([&](Party& party) {
      const PreparedGraph prepared = graph.on_shares(party);
      return prepared.as_given(prepared.by_key(party.input(graph.values())));
    });
    EXPECT_EQ(seen, graph.values());
  }
}

TEST_P(PreparedGraphTest, ByKeyValidNodesComeFirstInTheOrderOfTheirKeys) {
  for (const PlainGraph& graph : PlainGraph::samples()) {
    Values seen = arith([&](Party& party) {
      const PreparedGraph prepared = graph.on_shares(party);
      return prepared.by_key(party.input(graph.values()));
    });
    Values wanted;
    for (const auto& [key, place] : graph.places()) wanted.push_back(graph.nodes[place].value);
    seen.resize(wanted.size());
    EXPECT_EQ(seen, wanted);
  }
}

TEST_P(PreparedGraphTest, KnowsEdgesOfWhichBothEndsAreNodes) {
  for (const PlainGraph& graph : PlainGraph::samples()) {
    const Values amounts = arith([&](Party& party) {
      const PreparedGraph prepared = graph.on_shares(party);
      return party.mpc().mul(prepared.by_target(party.input(graph.amounts())),
                             party.mpc().to_arith(prepared.known_edges()));
    });
    std::multiset<std::uint64_t> seen, wanted;
    for (const std::uint64_t amount : amounts) {
      if (amount != 0) seen.insert(amount);
    }
    graph.each_known([&](const PlainGraph::Edge& edge, std::size_t, std::size_t) {
      if (edge.amount != 0) wanted.insert(edge.amount);
    });
    EXPECT_EQ(seen, wanted) << graph.nodes.size() << " nodes";
  }
}

TEST_P(PreparedGraphTest, SeesAKeyThatStandsInTwoValidRows) {
  const auto repeats = [&](const PlainGraph& graph) {
    return bits([&](Party& party) { return graph.on_shares(party).repeats_key(); }) == Values{1};
  };
  for (const PlainGraph& graph : PlainGraph::samples()) EXPECT_FALSE(repeats(graph));
  PlainGraph graph{{{5, 0}, {7, 0}, {5, 0}, {7, 0, false}}, {{5, 5, 1}, {7, 5, 1}, {7, 5, 1}}};
  EXPECT_TRUE(repeats(graph));
  graph.nodes[2].valid = false;
  EXPECT_FALSE(repeats(graph));
}

POLDER_EVERY_PROTOCOL(PreparedGraphTest);

}  // namespace
}  // namespace polder
