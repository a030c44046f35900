// Nodes as they are written down one after the other, each with what is known of its answer. A plan
// is a graph of nothing but what its roots need, in the one order of its text.
#pragma once

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "plan/registry.h"

namespace polder {

struct Step {
  const Operator* op;
  std::vector<StepId> of;
  std::any fields;
  Shape shape;
  std::string origin;  // the caller's line; no part of the plan
  std::vector<Complaint> complaints;
};

class Graph {
 public:
  static constexpr std::size_t max_steps = 65'536;

  /// The registry must outlive it.
  explicit Graph(const Registry& registry) : registry_(&registry) {}

  /// The node's number; of an equal one that is there already, that node's. What does not fit is
  /// kept as complaints.
  /// Throws Error bad_input for an operator, inputs or fields that are none.
  StepId add(std::string_view op, std::vector<StepId> of, const Json& fields,
             std::string origin = {});

  std::size_t size() const { return steps_.size(); }
  const Step& at(StepId id) const { return steps_.at(id); }
  const std::vector<Step>& steps() const { return steps_; }
  const Registry& registry() const { return *registry_; }
  std::vector<StepId> roots() const;

  /// What the operator may look at of this node; complaints go to `no`.
  Inference inference(StepId id, Complaints& no) const;
  /// Of all nodes, each with its place: the caller's line, or the node's number.
  std::vector<Complaint> complaints() const;
  /// The node as an object of the text.
  Json json(StepId id) const;

 private:
  void require_inputs(const Operator& op, const std::vector<StepId>& of) const;

  const Registry* registry_;
  std::vector<Step> steps_;
  std::unordered_map<std::string, StepId> known_;  // by text
};

/// The plan of these roots: what they need, inputs before who uses them, from the roots in the
/// order of their labels.
/// Throws Error bad_input if a node is no root, two roots have one label, or there are too many
/// nodes.
Graph plan_of(const Graph& graph, std::span<const StepId> roots);

/// Throws Error bad_schema with all complaints, if there are any.
void require_sound(const Graph& graph);

/// For every column of every scan, all that it is used for on the way to a root.
std::map<Source, std::set<Use>> uses(const Graph& plan);

}  // namespace polder
