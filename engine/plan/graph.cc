#include "plan/graph.h"

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

bool fits(Form form, Taken taken) {
  switch (taken) {
    case Taken::frame:
      return form == Form::frame;
    case Taken::column:
      return form == Form::series || form == Form::value;
    case Taken::value:
      return form == Form::value;
    case Taken::any:
      return form != Form::root;
  }
  return false;
}

std::string_view name(Form form) {
  constexpr std::string_view names[] = {"a table", "a column", "a value", "a result"};
  return names[static_cast<std::size_t>(form)];
}

/// Nodes that a root needs, inputs first.
std::vector<StepId> inputs_first(const Graph& graph, std::span<const StepId> roots) {
  struct Visit {
    StepId node;
    std::size_t next;  // input
  };
  std::vector<StepId> order;
  std::vector<bool> seen(graph.size(), false);
  std::vector<Visit> open;  // a stack of our own: a plan's depth is a stranger's
  for (const StepId root : roots) {
    if (!seen[root]) open.push_back({root, 0});
    seen[root] = true;
    while (!open.empty()) {
      auto& [node, next] = open.back();
      const std::vector<StepId>& of = graph.at(node).of;
      if (next == of.size()) {
        order.push_back(node);
        open.pop_back();
        continue;
      }
      const StepId input = of[next++];
      if (!seen[input]) open.push_back({input, 0});
      seen[input] = true;
    }
  }
  return order;
}

Json fields_of(const Step& node) {
  Json::Object fields;
  node.op->write(node.fields, fields);
  return fields;
}

}  // namespace

void Graph::require_inputs(const Operator& op, const std::vector<StepId>& of) const {
  if (of.size() < op.takes.size() || (of.size() > op.takes.size() && !op.more)) {
    fail(Code::bad_input, "{}: takes {}{} inputs, not {}", op.name, op.more ? "at least " : "",
         op.takes.size(), of.size());
  }
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i] >= steps_.size())
      fail(Code::bad_input, "{}: input {} is no earlier node", op.name, of[i]);
    const Shape& shape = steps_[of[i]].shape;
    const Taken taken = i < op.takes.size() ? op.takes[i] : *op.more;
    if (!fits(shape.form, taken)) {
      fail(Code::bad_input, "{}: input {} is {}, not {}", op.name, i + 1, name(shape.form),
           taken == Taken::frame   ? "a table"
           : taken == Taken::value ? "a value"
                                   : "a column");
    }
  }
}

StepId Graph::add(std::string_view op_name, std::vector<StepId> of, const Json& fields,
                  std::string origin) {
  const Operator& op = registry_->at(op_name);
  require_inputs(op, of);
  JsonFields json_fields(fields, op.name);
  steps_.push_back({&op, std::move(of), op.read(json_fields), {}, std::move(origin), {}});
  const StepId self = steps_.size() - 1;
  const auto [known, is_new] = known_.emplace(json_text(json(self)), self);
  if (!is_new) {
    steps_.pop_back();
    return known->second;
  }
  Step& node = steps_.back();
  Complaints no;
  const Inference in = inference(self, no);
  const auto broken = [](const Shape* shape) { return shape->broken; };
  if (std::ranges::any_of(in.of, broken)) {
    node.shape = *in.of[0];
    node.shape.broken = true;
    if (op.is_root()) node.shape.form = Form::root;
    return self;
  }
  node.shape = op.infer(node.fields, in);
  node.complaints = no.all();
  node.shape.broken = !no.empty();
  return self;
}

Inference Graph::inference(StepId id, Complaints& no) const {
  Inference in{id, {}, *registry_, no};
  for (const StepId input : steps_[id].of) in.of.push_back(&steps_[input].shape);
  return in;
}

std::vector<StepId> Graph::roots() const {
  std::vector<StepId> roots;
  for (StepId id = 0; id < steps_.size(); ++id) {
    if (steps_[id].op->is_root()) roots.push_back(id);
  }
  return roots;
}

std::vector<Complaint> Graph::complaints() const {
  std::vector<Complaint> all;
  for (StepId id = 0; id < steps_.size(); ++id) {
    const Step& node = steps_[id];
    const std::string place = node.origin.empty() ? fmt::format("node {}", id) : node.origin;
    for (const auto& [problem, message] : node.complaints)
      all.push_back({problem, fmt::format("{}: {}: {}", place, node.op->name, message)});
  }
  return all;
}

Json Graph::json(StepId id) const {
  const Step& node = steps_[id];
  Json::Object object;
  object.emplace("op", node.op->full_name());
  Json::List of;
  for (const StepId input : node.of) of.push_back(static_cast<std::int64_t>(input));
  if (!of.empty()) object.emplace("of", std::move(of));
  node.op->write(node.fields, object);
  return object;
}

Graph plan_of(const Graph& graph, std::span<const StepId> roots) {
  std::map<std::string, StepId> by_label;
  for (const StepId id : roots) {
    const Step& root = graph.at(id);
    if (!root.op->is_root())
      fail(Code::bad_input, "{} is no result: open it, or keep it", root.op->name);
    const std::string label = root.op->label(root.fields);
    if (!by_label.emplace(label, id).second && by_label[label] != id)
      fail(Code::bad_input, "two results have the label '{}'; give one another", label);
  }
  if (by_label.empty()) fail(Code::bad_input, "a plan opens or keeps something");
  std::vector<StepId> ordered;
  for (const auto& [label, id] : by_label) ordered.push_back(id);

  Graph plan(graph.registry());
  std::map<StepId, StepId> number;
  for (const StepId id : inputs_first(graph, ordered)) {
    const Step& node = graph.at(id);
    std::vector<StepId> of;
    for (const StepId input : node.of) of.push_back(number.at(input));
    number[id] = plan.add(node.op->full_name(), std::move(of), fields_of(node), node.origin);
  }
  if (plan.size() > Graph::max_steps)
    fail(Code::bad_input, "a plan has at most {} nodes, not {}", Graph::max_steps, plan.size());
  return plan;
}

void require_sound(const Graph& graph) {
  std::string all;
  for (const Complaint& complaint : graph.complaints())
    all += (all.empty() ? "" : "\n") + complaint.message;
  if (!all.empty()) throw Error(Code::bad_schema, all);
}

std::map<Source, std::set<Use>> uses(const Graph& plan) {
  std::map<Source, std::set<Use>> all;
  Complaints ignored;
  for (StepId id = 0; id < plan.size(); ++id) {
    const Step& node = plan.at(id);
    const Inference in = plan.inference(id, ignored);
    if (node.shape.broken) continue;
    for (const auto& [input, column, use] : node.op->uses(node.fields, in)) {
      const Shape& shape = *in.of[input];
      const ColumnShape* used = column.empty() ? &shape.columns.at(0) : shape.find(column);
      for (const Source& source : used->from) all[source].insert(use);
    }
  }
  return all;
}

}  // namespace polder
