#include <algorithm>
#include <cmath>

#include "base/bits.h"
#include "graph/risk_flow.h"
#include "graph/shares_of_income.h"
#include "table/execution.h"
#include "table/key_columns.h"

namespace polder::operators {
namespace {

using Formats = RiskFormats;

constexpr std::uint64_t whole_delta = std::uint64_t{1} << Formats::delta_bits;
constexpr std::size_t max_iterations = 1000;
constexpr int min_share_bits = 20;

/// How the risk of each node moves along the edges: in which columns they are, and for each
/// iteration the step towards the mean of the sources, in units of 2^-30.
struct RiskPropagation {
  std::string key, risk;
  std::string source, target, amount;
  std::vector<std::uint64_t> deltas;
  static constexpr auto fields = std::tuple{
      required("key", &RiskPropagation::key),       required("risk", &RiskPropagation::risk),
      required("source", &RiskPropagation::source), required("target", &RiskPropagation::target),
      required("amount", &RiskPropagation::amount), required("deltas", &RiskPropagation::deltas)};
};

/// Stored numbers of a type as fixed point of other fraction bits: times `factor`, then cut by
/// `shift` bits to the nearest.
struct Scaling {
  std::uint64_t factor = 1;
  int shift = 0;
  int fraction_bits = 0;  // of the answer
  double error = 0;

  Int128 of(Int128 stored) const {
    const Int128 half = shift == 0 ? 0 : Int128{1} << (shift - 1);
    return (stored * static_cast<Int128>(factor) + half) >> shift;
  }
};

/// 1 as it is stored.
Int128 unit_of(const Type& type) {
  Int128 unit = 1;
  for (int i = 0; i < type.scale; ++i) unit *= type.kind == TypeKind::decimal ? 10 : 2;
  return unit;
}

/// With as many fraction bits as leave the greatest value within `value_bits`.
Scaling scaling_of(const Type& type) {
  const Int128 unit = unit_of(type);
  const Int128 whole = std::max<Int128>((type.bounds.high + unit - 1) / unit, 1);
  Scaling scaling;
  scaling.fraction_bits = Formats::value_bits - log2_ceil(static_cast<std::uint64_t>(whole));
  // stored * factor stays within 2^62.
  const int stored_bits = Bounds{0, type.bounds.high}.width();
  const int unit_bits = log2_ceil(static_cast<std::uint64_t>(unit));
  if (type.kind != TypeKind::decimal) {
    scaling.factor = std::uint64_t{1} << std::max(scaling.fraction_bits - unit_bits, 0);
    scaling.shift = std::max(unit_bits - scaling.fraction_bits, 0);
  } else {
    scaling.shift = std::clamp(61 - stored_bits + unit_bits - scaling.fraction_bits, 1, 34);
    const Int128 scale = Int128{1} << (scaling.fraction_bits + scaling.shift);
    scaling.factor = static_cast<std::uint64_t>((scale + unit / 2) / unit);
  }
  const double inexact =  // of the factor, and of the cut
      (type.kind == TypeKind::decimal
           ? std::ldexp(static_cast<double>(type.bounds.high) / 2, -scaling.shift)
           : 0) +
      (scaling.shift > 0 ? 0.5 : 0);
  scaling.error = type.error + std::ldexp(inexact, -scaling.fraction_bits);
  return scaling;
}

/// As many as let each amount be divided, and no more than products with risks leave room for.
int share_bits_of(const Type& amount) {
  return std::min(Formats::share_bits, 62 - Bounds{0, amount.bounds.high}.width());
}

void check_keys(const Inference& in, const ColumnShape& key, const ColumnShape& end) {
  if (keys_match(key.type, end.type)) return;
  in.no.add(Problem::type, "key '{}' is {}, '{}' is {}; cast one", key.name, key.type.text(),
            end.name, end.type.text());
}

void check_risk(const Inference& in, const ColumnShape& risk) {
  if (!risk.type.is_number() || risk.type.bounds.low < 0 ||
      risk.type.bounds.high > unit_of(risk.type) << Formats::value_bits)
    in.no.add(Problem::bound, "'{}' is {}; a risk is a number within 0..2^28", risk.name,
              risk.type.text());
  if (risk.type.null)
    in.no.add(Problem::type, "'{}' may be missing; fill it up: {}.fillna(0)", risk.name, risk.name);
}

void check_amount(const Inference& in, const ColumnShape& amount, std::uint64_t edges) {
  const Type& type = amount.type;
  if ((type.kind != TypeKind::integer && type.kind != TypeKind::decimal) || type.bounds.low < 0) {
    in.no.add(Problem::type, "'{}' is {}; an amount is a whole number or decimal from 0 on",
              amount.name, type.text());
    return;
  }
  if (share_bits_of(type) < min_share_bits) {
    in.no.add(Problem::overflow,
              "amounts '{}' could reach {}, beyond 2^{}, which leaves too few bits for shares of "
              "them; declare smaller bounds",
              amount.name, text_of(type.bounds.high), 62 - min_share_bits);
  } else if (!sum_of(type.bounds, edges).fits()) {
    in.no.add(Problem::overflow,
              "the sum of {} amounts '{}' could reach {}, beyond 2^62; declare smaller bounds",
              edges, amount.name, text_of(sum_of(type.bounds, edges).high));
  }
}

void check_deltas(const Inference& in, const std::vector<std::uint64_t>& deltas) {
  if (deltas.empty() || deltas.size() > max_iterations)
    in.no.add(Problem::bound, "{} iterations; at least 1 and at most {} are done", deltas.size(),
              max_iterations);
  if (std::ranges::any_of(deltas, [](std::uint64_t delta) { return delta > whole_delta; }))
    in.no.add(Problem::bound, "delta is within 0..1 in every iteration");
}

/// An iteration keeps the error that is there, as steps are towards means, and adds to it: of
/// shares that are cut off and a rounded mean as far as the step goes, of the step its rounding and
/// that of delta.
double error_of(const RiskPropagation& of, const Scaling& start, const Type& risk,
                const Type& amount, std::uint64_t edges) {
  const double last_place = std::ldexp(1.0, -start.fraction_bits);
  const double most = static_cast<double>(start.of(risk.bounds.high)) * last_place;
  const double mean =
      std::ldexp(static_cast<double>(edges), -share_bits_of(amount)) * most + last_place / 2;
  double error = start.error;
  for (const std::uint64_t delta : of.deltas) {
    error += std::ldexp(static_cast<double>(delta), -Formats::delta_bits) * mean + last_place / 2 +
             std::ldexp(most, -Formats::delta_bits - 1);
  }
  return error;
}

Shape infer(const RiskPropagation& of, const Inference& in) {
  const Shape &nodes = *in.of[0], &edges = *in.of[1];
  const ColumnShape *key = in.column(0, of.key), *risk = in.column(0, of.risk);
  const ColumnShape *source = in.column(1, of.source), *target = in.column(1, of.target),
                    *amount = in.column(1, of.amount);
  check_deltas(in, of.deltas);
  for (const Shape* rows : in.of) {
    if (rows->grouped)
      in.no.add(Problem::opening, "these rows are groups; nodes and edges are records");
  }
  Shape shape = nodes;
  shape.form = Form::series;
  if (key == nullptr || risk == nullptr || source == nullptr || target == nullptr ||
      amount == nullptr)
    return shape;
  check_keys(in, *key, *source);
  check_keys(in, *key, *target);
  check_risk(in, *risk);
  check_amount(in, *amount, edges.max_rows);
  if (!in.no.empty()) return shape;

  const Scaling start = scaling_of(risk->type);
  Type type = Type::fixed(start.fraction_bits, 0, start.of(risk->type.bounds.high));
  type.null = key->type.null;
  type.error = error_of(of, start, risk->type, amount->type, edges.max_rows);
  Sources from;
  for (const ColumnShape* column : {key, risk, source, target, amount})
    from.insert(column->from.begin(), column->from.end());
  shape.columns = {{"risk", std::move(type), std::move(from), false}};
  return shape;
}

/// Keys of nodes and of both ends of edges, and which rows count.
struct GraphColumns {
  Bits node, node_valid, source, target, edge_valid;
};

GraphColumns graph_columns(Protocol& mpc, const RiskPropagation& of, const Frame& nodes,
                           const Frame& edges) {
  const KeyColumns sources = key_columns(mpc, nodes, {of.key}, edges, {of.source});
  const KeyColumns targets = key_columns(mpc, nodes, {of.key}, edges, {of.target});
  // Each pair is of one width; both are brought to the larger.
  const int width = std::max(sources.sides[0].key.width(), targets.sides[0].key.width());
  const std::optional<Bits> valid = present(
      mpc, mpc.bit_and(sources.sides[1].valid, targets.sides[1].valid), *edges.at(of.amount));
  const auto widest = [&](const KeySide& side, const std::string& name, const Frame& frame) {
    return side.key.width() == width ? side.key : widened(mpc, *frame.at(name), width);
  };
  return {widest(sources.sides[0], of.key, nodes), sources.sides[0].valid,
          widest(sources.sides[1], of.source, edges), widest(targets.sides[1], of.target, edges),
          *valid};
}

void require_unique_keys(Protocol& mpc, const PreparedGraph& graph, const std::string& key) {
  // Safe: the plan says that the nodes learn whether keys are unique: one bit.
  if (mpc.open(graph.repeats_key(), all_nodes).flag(0)) {
    fail(Code::bad_input,
         "risk_propagation: a key '{}' stands in two rows of the nodes, of one owner or of two; "
         "each has one row",
         key);
  }
}

AnswerPointer lower(Execution& run, const RiskPropagation& of, Answers in) {
  Protocol& mpc = run.mpc();
  const Frame &nodes = in[0]->frame, &edges = in[1]->frame;
  const GraphColumns columns = graph_columns(mpc, of, nodes, edges);
  const PreparedGraph graph =
      PreparedGraph::prepare(mpc, {&columns.node, &columns.node_valid},
                             {&columns.source, &columns.target, &columns.edge_valid});
  require_unique_keys(mpc, graph, of.key);

  const Series &amount = *edges.at(of.amount), &risk = *nodes.at(of.risk);
  const int share_bits = share_bits_of(amount.type());
  const Arith shares = shares_of_income(mpc, graph, amount.number(mpc), share_bits);
  const Scaling scaling = scaling_of(risk.type());
  Arith start = risk.number(mpc) * scaling.factor;
  if (scaling.shift > 0)
    start = mpc.truncate(mpc.add(std::move(start), std::uint64_t{1} << (scaling.shift - 1)),
                         scaling.shift);
  Arith end = risk_flow(mpc, graph, graph.by_key(start), shares, share_bits, of.deltas);

  Series series(run.shape().type(), graph.as_given(end));
  if (const Bits* missing = nodes.at(of.key)->null()) series.set_null(*missing);
  return answer_series(std::move(series), nodes.valid);
}

std::vector<Used> uses(const RiskPropagation& of, const Inference&) {
  return {{0, of.key, Use::graph_node},
          {0, of.risk, Use::graph_node},
          {1, of.source, Use::graph_edge},
          {1, of.target, Use::graph_edge},
          {1, of.amount, Use::graph_edge}};
}

}  // namespace

std::vector<Operator> risk_propagation() {
  return {describe<RiskPropagation>(
      {.name = "risk_propagation",
       .takes = {Taken::frame, Taken::frame},
       .python = "Network.propagate(start, iterations=3, delta=0.5)",
       .what =
           "The risk of each node after it has flowed along the edges: in every iteration a step "
           "towards the mean risk of those who pay it, weighted by amounts.",
       .differs = {"an edge with an end that is no node counts nowhere, in no total either",
                   "a node that nobody pays steps towards 0"},
       .example = "po.graph.Network(accounts, payments).propagate('risk', iterations=3)",
       .infer = infer,
       .uses = uses,
       .reveals =
           [](const RiskPropagation&, const Inference&) {
             return std::string("to the nodes one bit: whether keys of nodes are unique");
           },
       .owners_learn = "risk",
       .lower = lower})};
}

}  // namespace polder::operators
