// A plan done on shares, node by node, over any protocol: the real one, plain values in one
// process, or sizes alone, which tells what the real one will cost.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "plan/graph.h"
#include "table/answer.h"
#include "table/grouping.h"

namespace polder {

/// Where a scan's rows come from.
class TableSource {
 public:
  virtual ~TableSource() = default;
  /// The named columns of a table, of the types that the plan says, and of no more rows.
  virtual Frame read(const std::string& table, const std::string& owner,
                     const std::vector<ColumnShape>& columns, std::uint64_t max_rows) = 0;
};

/// What a run is given for the plan's parameters, by name, as text (plan/value.h).
using Parameters = std::map<std::string, std::string, std::less<>>;

class Execution {
 public:
  /// All must outlive it. The plan is sound. Reveals what the plan's nodes say (Operator::reveals).
  Execution(Protocol& mpc, const Graph& plan, TableSource& tables, const Parameters& parameters)
      : mpc_(mpc), plan_(plan), tables_(tables), parameters_(parameters) {}

  /// All nodes, and so all roots. Opens what they open and nothing else. `progress` is told before
  /// each node, and may throw to stop the run.
  void run(const Progress& progress = {});

  Protocol& mpc() { return mpc_; }
  TableSource& tables() { return tables_; }
  const Parameters& parameters() const { return parameters_; }
  const Registry& registry() const { return plan_.registry(); }
  /// Of the node that is being done.
  const Shape& shape() const { return plan_.at(current_).shape; }
  const Shape& shape_of_input(std::size_t i) const {
    return plan_.at(plan_.at(current_).of.at(i)).shape;
  }

  /// The frame's valid rows by these columns; the same one if it was asked for before.
  std::shared_ptr<const Grouping> grouping(const AnswerPointer& frame, const Names& by);

  /// What each node of the plan took.
  const std::vector<Costs>& costs() const { return costs_; }

 private:
  Protocol& mpc_;
  const Graph& plan_;
  TableSource& tables_;
  const Parameters& parameters_;
  StepId current_ = 0;
  std::vector<AnswerPointer> answers_;
  std::vector<Costs> costs_;
  std::map<std::pair<const Answer*, Names>, std::shared_ptr<const Grouping>> groupings_;
};

}  // namespace polder
