#include "graph/prepared_graph.h"

#include "base/error.h"
#include "ops/compare/any.h"
#include "ops/groups/segment_bounds.h"
#include "ops/groups/segmented_scan.h"
#include "ops/order/permute.h"
#include "ops/order/sort.h"
#include "ops/order/stable_partition.h"
#include "ops/row_numbers.h"

namespace polder {
namespace {

/// Columns of nodes and edges, one kind of row behind the other.
Bits rows_of_both(const Bits& of_nodes, const Bits& of_edges) {
  return concat({&of_nodes, &of_edges});
}

void require_shapes(const NodeRows& nodes, const EdgeRows& edges) {
  const std::size_t v = nodes.key->size(), e = edges.source->size();
  require(nodes.valid->size() == v && nodes.valid->width() == 1, "graph: a node is valid or not");
  require(edges.target->size() == e && edges.valid->size() == e && edges.valid->width() == 1,
          "graph: an edge has a source, a target and is valid or not");
  require(
      nodes.key->width() == edges.source->width() && nodes.key->width() == edges.target->width(),
      "graph: keys differ in width");
}

/// Nodes first, then edges.
RowOrder to_key(Protocol& mpc, const Bits& is_edge) {
  return permuted(mpc, destinations(mpc, is_edge), {}).order;
}

/// From one order to the other, of the same rows.
RowOrder between(Protocol& mpc, const RowOrder& from, const RowOrder& to) {
  std::vector<Column> places{row_numbers(mpc, to.size())};
  places = from.apply(to.invert(std::move(places)));
  return permuted(mpc, std::move(places[0]), {}).order;
}

}  // namespace

PreparedGraph::Side PreparedGraph::side(Protocol& mpc, const NodeRows& nodes, const Bits& ends,
                                        const Bits& valid, bool nodes_first) {
  const std::size_t v = nodes.key->size(), e = ends.size();
  const Bits key = rows_of_both(*nodes.key, ends);
  const Bits invalid = mpc.bit_not(rows_of_both(*nodes.valid, valid));
  // Of one key nodes stand before edges, or behind them; what is invalid stands last of all.
  const Bits second = rows_of_both(mpc.constant(v, 1, nodes_first ? 0 : 1),
                                   mpc.constant(e, 1, nodes_first ? 1 : 0));
  Sorted sorted =
      sort_key(mpc, join_bits({&second, &key, &invalid}), Bits(mpc.components(), key.size(), 0));
  const int width = sorted.keys.width();

  const Bits starts = segment_starts(mpc, bits(sorted.keys, 1, width - 1));
  const Bits lowest = bit(sorted.keys, 0), is_valid = mpc.bit_not(bit(sorted.keys, width - 1));
  Bits is_edge = nodes_first ? lowest : mpc.bit_not(lowest);
  const Bits node = mpc.bit_and(is_valid, mpc.bit_not(is_edge));
  // Nodes of one key stand side by side, so a second one has one before it.
  const Bits second_node = mpc.bit_and(mpc.bit_and(node, shift_rows(node, 1)), mpc.bit_not(starts));
  Bits has_node = segmented_or(mpc, starts, node);
  return {std::move(sorted.order), std::move(is_edge), std::move(has_node), any(mpc, second_node)};
}

PreparedGraph PreparedGraph::prepare(Protocol& mpc, const NodeRows& nodes, const EdgeRows& edges) {
  require_shapes(nodes, edges);
  Side by_source = side(mpc, nodes, *edges.source, *edges.valid, true);
  Side by_target = side(mpc, nodes, *edges.target, *edges.valid, false);
  return PreparedGraph(mpc, nodes.key->size(), std::move(by_source), std::move(by_target));
}

PreparedGraph::PreparedGraph(Protocol& mpc, std::size_t nodes, Side by_source, Side by_target)
    : mpc_(mpc),
      nodes_(nodes),
      edges_(by_source.order.size() - nodes),
      by_source_(std::move(by_source.order)),
      by_target_(std::move(by_target.order)),
      source_to_key_(to_key(mpc, by_source.is_edge)),
      source_to_target_(between(mpc, by_source_, by_target_)),
      target_to_key_(to_key(mpc, by_target.is_edge)),
      repeats_key_(std::move(by_source.repeats_key)) {
  std::vector<Column> from_known{std::move(by_source.has_node)};
  from_known = source_to_target_.apply(std::move(from_known));
  known_edges_ = mpc.bit_and(mpc.bit_and(std::get<Bits>(from_known[0]), by_target.has_node),
                             by_target.is_edge);
}

Arith PreparedGraph::moved(const RowOrder& order, Arith x, Way way) {
  std::vector<Column> columns;
  columns.emplace_back(std::move(x));
  columns = way == Way::there ? order.apply(std::move(columns)) : order.invert(std::move(columns));
  return std::get<Arith>(std::move(columns[0]));
}

Arith PreparedGraph::with_edges(Protocol& mpc, const Arith& of_nodes) const {
  const Arith zeros = mpc.constant(edges_, 0);
  return concat({&of_nodes, &zeros});
}

Arith PreparedGraph::by_key(const Arith& values) const {
  return without_edges(moved(source_to_key_, moved(by_source_, with_edges(mpc_, values))));
}

Arith PreparedGraph::as_given(const Arith& by_key) const {
  const Arith by_source = moved(source_to_key_, with_edges(mpc_, by_key), Way::back);
  return without_edges(moved(by_source_, by_source, Way::back));
}

Arith PreparedGraph::by_target(const Arith& of_edges) const {
  const Arith zeros = mpc_.constant(nodes_, 0);
  return moved(by_target_, concat({&zeros, &of_edges}));
}

}  // namespace polder
