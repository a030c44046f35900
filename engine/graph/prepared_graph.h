// A secret graph, prepared so that values can move along all its edges again and again (pass.h)
// without another sort. Its V nodes and E edges are rows of which the numbers alone are public.
// Sources: Nayak, Wang, Ioannidis, Weinsberg, Taft, Shi, "GraphSC: Parallel Secure Computation Made
// Easy", S&P 2015 (nodes and edges sorted together); Araki, Furukawa, Ohara, Pinkas, Rosemarin,
// Tsuchida, "Secure Graph Analysis at Scale", CCS 2021 (from one order to the other by shuffles
// instead of sorts).
#pragma once

#include "ops/order/row_order.h"

namespace polder {

struct NodeRows {
  const Bits* key;    // [V] of w
  const Bits* valid;  // [V] of 1; the keys of valid rows are distinct
};
struct EdgeRows {
  const Bits *source, *target;  // [E] of w: keys of nodes, or of none
  const Bits* valid;            // [E] of 1
};

/// Orders of all V + E rows. As given: nodes, then edges. By source: each node before the edges
/// that leave it. By target: each node behind the edges that reach it. By key: nodes alone in the
/// order of their keys, which is theirs in the other two as well, then room for edges.
class PreparedGraph {
 public:
  /// Two sorts of V + E rows by w + 2 bits, then 3 orders (permute.h).  Reveals nothing (the nodes
  /// see random permutations, each under a shuffle of its own).
  static PreparedGraph prepare(Protocol& mpc, const NodeRows& nodes, const EdgeRows& edges);

  std::size_t nodes() const { return nodes_; }
  std::size_t edges() const { return edges_; }
  std::size_t rows() const { return nodes_ + edges_; }

  /// By target, [V + E] of 1: an edge that is valid, as are the nodes at both of its ends.
  const Bits& known_edges() const { return known_edges_; }
  /// [1] of 1: a key stands in two valid rows of nodes. Answers about such a graph are arbitrary.
  const Bits& repeats_key() const { return repeats_key_; }

  /// Values of nodes, by key.  [V], as given -> [V].  6 rounds.  Reveals nothing.
  Arith by_key(const Arith& values) const;
  /// And back.  [V] -> [V].  6 rounds.  Reveals nothing.
  Arith as_given(const Arith& by_key) const;
  /// Values of edges, by target; 0 in the rows of nodes.  [E], as given -> [V + E].  3 rounds.
  /// Reveals nothing.
  Arith by_target(const Arith& of_edges) const;
  /// One order to the next.  [V + E] -> [V + E].  3 rounds, 16 B a row.  Reveals nothing.
  Arith key_to_source(Arith x) const { return moved(source_to_key_, std::move(x), Way::back); }
  /// As key_to_source.  Reveals nothing.
  Arith source_to_target(Arith x) const { return moved(source_to_target_, std::move(x)); }
  /// As key_to_source.  Reveals nothing.
  Arith target_to_key(Arith x) const { return moved(target_to_key_, std::move(x)); }
  /// As key_to_source.  Reveals nothing.
  Arith key_to_target(Arith x) const { return moved(target_to_key_, std::move(x), Way::back); }

  /// Values of nodes, zeros behind them.  [V] -> [V + E].  No rounds.  Reveals nothing.
  Arith with_edges(Protocol& mpc, const Arith& of_nodes) const;
  /// And without.  [V + E] -> [V].  No rounds.  Reveals nothing.
  Arith without_edges(const Arith& x) const { return slice(x, 0, nodes_); }

 private:
  enum class Way { there, back };
  static Arith moved(const RowOrder& order, Arith x, Way way = Way::there);

  /// Rows sorted, and what follows from the sort.
  struct Side {
    RowOrder order;
    Bits is_edge, has_node;  // [V + E] of 1: the row is an edge; its key is that of a valid node
    Bits repeats_key;        // [1] of 1
  };
  /// Nodes, and one end of the edges.  Reveals nothing.
  static Side side(Protocol& mpc, const NodeRows& nodes, const Bits& ends, const Bits& valid,
                   bool nodes_first);

  /// Reveals nothing, as prepare.
  PreparedGraph(Protocol& mpc, std::size_t nodes, Side by_source, Side by_target);

  Protocol& mpc_;
  std::size_t nodes_, edges_;
  RowOrder by_source_, by_target_;
  RowOrder source_to_key_, source_to_target_, target_to_key_;
  Bits known_edges_, repeats_key_;
};

}  // namespace polder
