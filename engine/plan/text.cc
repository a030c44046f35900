#include "plan/text.h"

#include "base/error.h"

namespace polder {
namespace {

std::vector<StepId> inputs(JsonFields& node) {
  std::vector<StepId> of;
  if (node.find("of") == nullptr) return of;
  for (const Json& input : node.list("of")) {
    const auto* number = input.get_if<std::int64_t>();
    if (number == nullptr || *number < 0) node.refuse("of", "numbers of earlier nodes");
    of.push_back(static_cast<StepId>(*number));
  }
  return of;
}

/// A node without what every node has.
Json fields_of(const Json& node) {
  Json::Object fields = *node.get_if<Json::Object>();
  fields.erase("op");
  fields.erase("of");
  return fields;
}

}  // namespace

std::string plan_text(const Graph& plan) {
  Json::List nodes;
  for (StepId id = 0; id < plan.size(); ++id) nodes.push_back(plan.json(id));
  return json_text(Json::Object{{"format", 1}, {"nodes", std::move(nodes)}});
}

Digest256 fingerprint(const Graph& plan) { return hash256("polder plan\n" + plan_text(plan)); }

Graph parse_plan(std::string_view text, const Registry& registry) {
  const Json json =
      parse_json(text, "plan", {.bytes = max_plan_bytes, .depth = 16, .values = 1 << 22});
  JsonFields plan(json, "plan");
  plan.integer("format", 1, 1);
  const Json::List& nodes = plan.list("nodes");
  plan.done();
  if (nodes.size() > Graph::max_steps)
    fail(Code::bad_input, "a plan has at most {} nodes, not {}", Graph::max_steps, nodes.size());

  Graph graph(registry);
  for (const Json& node : nodes) {
    JsonFields fields(node, fmt::format("node {}", graph.size()));
    const std::string& op = fields.text("op");
    const StepId next = graph.size();
    if (graph.add(op, inputs(fields), fields_of(node)) != next)
      fail(Code::bad_input, "plan: a node stands twice");
  }
  Graph canonical = plan_of(graph, graph.roots());
  if (plan_text(canonical) != text) {
    fail(Code::bad_input,
         "plan: this is not its one spelling (order of nodes, defaults, spaces); write it anew");
  }
  return canonical;
}

}  // namespace polder
