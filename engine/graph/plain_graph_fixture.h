// Graphs in the clear for the tests of this folder, and what plain loops say of them.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "graph/prepared_graph.h"
#include "ops/operator_fixture.h"

namespace polder::testing {

struct PlainGraph {
  static constexpr int key_bits = 12;

  struct Node {
    std::uint64_t key, value;
    bool valid = true;
  };
  struct Edge {
    std::uint64_t source, target, amount;
    bool valid = true;
  };
  std::vector<Node> nodes;
  std::vector<Edge> edges;

  /// With self-loops, parallel edges, isolated nodes, ends that are no nodes, rows that are not
  /// valid, and keys of the extremes.
  static PlainGraph random(std::size_t nodes, std::size_t edges, unsigned seed) {
    std::mt19937_64 draw(seed);
    std::vector<std::uint64_t> keys(std::size_t{1} << key_bits);
    std::iota(keys.begin(), keys.end(), std::uint64_t{0});
    std::shuffle(keys.begin() + 1, keys.end() - 1, draw);
    std::swap(keys.back(), keys[1]);
    PlainGraph graph;
    for (std::size_t i = 0; i < nodes; ++i)
      graph.nodes.push_back({keys[i], draw() >> 36, draw() % 6 != 0});
    // A third of all ends at few nodes, some beyond all nodes.
    const auto end = [&] {
      const std::size_t among = draw() % 3 == 0 ? nodes / 8 + 1 : nodes + nodes / 8 + 2;
      return keys[draw() % std::min(among, keys.size())];
    };
    for (std::size_t i = 0; i < edges; ++i) {
      const std::uint64_t source = end();
      graph.edges.push_back({source, draw() % 8 == 0 ? source : end(), draw() >> (36 + draw() % 28),
                             draw() % 6 != 0});
    }
    return graph;
  }

  /// Nodes and edges: none, few, many edges a node, many nodes an edge.
  static std::vector<PlainGraph> samples() {
    std::vector<PlainGraph> all;
    const std::pair<std::size_t, std::size_t> sizes[] = {{0, 0}, {0, 3},  {1, 0},   {1, 5},
                                                         {2, 1}, {2, 40}, {9, 200}, {1000, 301}};
    unsigned seed = 0;
    for (const auto& [nodes, edges] : sizes) all.push_back(random(nodes, edges, ++seed));
    return all;
  }

  /// The number of the valid node of each key.
  std::map<std::uint64_t, std::size_t> places() const {
    std::map<std::uint64_t, std::size_t> places;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].valid) places[nodes[i].key] = i;
    }
    return places;
  }

  /// Calls visit(edge, number of its source, number of its target) for each that counts.
  template <typename Visit>
  void each_known(Visit&& visit) const {
    const auto known = places();
    for (const Edge& edge : edges) {
      const auto source = known.find(edge.source), target = known.find(edge.target);
      if (edge.valid && source != known.end() && target != known.end())
        visit(edge, source->second, target->second);
    }
  }

  std::vector<std::uint64_t> values() const {
    std::vector<std::uint64_t> all;
    for (const Node& node : nodes) all.push_back(node.value);
    return all;
  }
  std::vector<std::uint64_t> amounts() const {
    std::vector<std::uint64_t> all;
    for (const Edge& edge : edges) all.push_back(edge.amount);
    return all;
  }

  /// On shares.
  PreparedGraph on_shares(Party& party) const {
    std::vector<std::uint64_t> key, is_node, source, target, is_edge;
    for (const Node& node : nodes) key.push_back(node.key), is_node.push_back(node.valid);
    for (const Edge& edge : edges) {
      source.push_back(edge.source), target.push_back(edge.target);
      is_edge.push_back(edge.valid);
    }
    const Bits keys = party.input_bits(key, key_bits), valid = party.input_bits(is_node, 1);
    const Bits from = party.input_bits(source, key_bits), to = party.input_bits(target, key_bits);
    const Bits counts = party.input_bits(is_edge, 1);
    return PreparedGraph::prepare(party.mpc(), {&keys, &valid}, {&from, &to, &counts});
  }

  /// What is said of nodes that are not valid is arbitrary.
  void expect(const std::vector<std::uint64_t>& seen,
              const std::vector<std::uint64_t>& wanted) const {
    ASSERT_EQ(seen.size(), nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (!nodes[i].valid) continue;
      EXPECT_EQ(seen[i], wanted[i])
          << "node " << i << " of " << nodes.size() << ", " << edges.size() << " edges";
    }
  }
};

}  // namespace polder::testing
