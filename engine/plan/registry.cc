#include "plan/registry.h"

#include <array>

#include "base/error.h"

namespace polder {

void Registry::add(std::vector<Operator> operators) {
  for (Operator& op : operators) {
    const std::string name = op.full_name();
    require(operators_.emplace(name, std::move(op)).second, "two operators of one name");
  }
}

void Registry::add(std::vector<Aggregate> aggregates) {
  for (Aggregate& aggregate : aggregates) {
    const std::string name = aggregate.name;
    require(aggregates_.emplace(name, std::move(aggregate)).second, "two aggregates of one name");
  }
}

const Operator& Registry::at(std::string_view full_name) const {
  const auto found = operators_.find(full_name);
  if (found == operators_.end()) {
    fail(Code::bad_input,
         "there is no operator '{}' here; upgrade, or ask what the plan is made for", full_name);
  }
  return found->second;
}

const Aggregate* Registry::aggregate(std::string_view name) const {
  const auto found = aggregates_.find(name);
  return found == aggregates_.end() ? nullptr : &found->second;
}

const ColumnShape* Inference::column(std::size_t input, std::string_view name) const {
  const ColumnShape* column = of[input]->find(name);
  if (column == nullptr) {
    std::string known;
    for (const ColumnShape& other : of[input]->columns)
      known += (known.empty() ? "" : ", ") + other.name;
    no.add(Problem::name, "there is no column '{}'; there are: {}", name, known);
  }
  return column;
}

std::string_view name(Problem problem) {
  constexpr std::array<std::string_view, 7> names = {"name",  "type",    "overflow", "order",
                                                     "bound", "opening", "parameter"};
  return names[static_cast<std::size_t>(problem)];
}

std::string_view name(Use use) {
  constexpr std::array<std::string_view, 15> names = {
      "join_key",    "match_key",   "lookup_key", "flag",       "group_key",
      "sort_key",    "filter",      "condition",  "aggregate",  "model_feature",
      "model_label", "model_apply", "graph_node", "graph_edge", "row_output"};
  return names[static_cast<std::size_t>(use)];
}

}  // namespace polder
