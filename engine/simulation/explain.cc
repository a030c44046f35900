#include "simulation/explain.h"

#include "plan/value.h"
#include "protocol/counting/counting.h"
#include "table/execution.h"

namespace polder {
namespace {

/// As many rows as there may be, without values.
class SizesSource final : public TableSource {
 public:
  Frame read(const std::string&, const std::string&, const std::vector<ColumnShape>& columns,
             std::uint64_t max_rows) override {
    Frame frame{static_cast<std::size_t>(max_rows), {}, {}};
    for (const ColumnShape& column : columns) {
      Bits bits(0, frame.rows, column.type.width());
      Series series = column.type.is_stored_number()
                          ? Series(column.type, Arith(0, frame.rows), std::move(bits))
                          : Series(column.type, std::move(bits));
      if (column.type.null) series.set_null(Bits(0, frame.rows, 1));
      frame.columns.emplace_back(column.name, share(std::move(series)));
    }
    return frame;
  }
};

/// A value for each parameter: which one makes no difference to what a run costs.
Parameters any_values(const Graph& plan) {
  Parameters values;
  for (const Step& node : plan.steps()) {
    if (node.op->name != "param") continue;
    const auto& [name, type, from, counted] = node.shape.columns.at(0);
    values[name] = type.is_stored_number()
                       ? value_text(type, Words(1, static_cast<std::uint64_t>(type.bounds.low)))
                       : "";
  }
  return values;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} B", bytes);
  if (bytes < 10'000'000) return fmt::format("{} kB", bytes / 1000);
  return fmt::format("{} MB", bytes / 1'000'000);
}

std::string shape_text(const Shape& shape) {
  std::string columns;
  for (const ColumnShape& column : shape.columns) {
    columns += (columns.empty() ? "" : ", ") + column.name + (column.name.empty() ? "" : " ") +
               column.type.text();
    if (column.type.error > 0) columns += fmt::format(" +- {:.1g}", column.type.error);
  }
  if (shape.form == Form::value) return columns;
  return fmt::format("{} rows at most: {}", shape.max_rows, columns);
}

/// The table that a step reads, as people name it.
std::string table_text(const Step& step) {
  const TableRead read = step.op->reads(step.fields);
  return read.owner.empty() ? read.table : read.table + "@" + read.owner;
}

}  // namespace

std::vector<Costs> predicted_costs(const Graph& plan) {
  Counting mpc;
  SizesSource source;
  const Parameters parameters = any_values(plan);
  Execution execution(mpc, plan, source, parameters);
  execution.run();
  return execution.costs();
}

std::string explain(const Graph& plan) {
  require_sound(plan);
  const std::vector<Costs> costs = predicted_costs(plan);
  std::string steps, reveals;
  Costs all;
  Complaints ignored;
  for (StepId id = 0; id < plan.size(); ++id) {
    const Step& node = plan.at(id);
    std::string of;
    for (const StepId input : node.of) of += fmt::format(" {}", input);
    if (node.op->reads) of = " " + table_text(node);
    steps += fmt::format("{:>4} {}{}: {}", id, node.op->name, of, shape_text(node.shape));
    if (costs[id].rounds > 0)
      steps += fmt::format(" [{} rounds, {}]", costs[id].rounds, bytes_text(costs[id].bytes_sent));
    steps += "\n";
    all.rounds += costs[id].rounds;
    all.bytes_sent += costs[id].bytes_sent;
    const std::string told = node.op->reveals(node.fields, plan.inference(id, ignored));
    if (!told.empty()) reveals += fmt::format("  {}: {}\n", node.op->name, told);
  }
  std::string used;
  for (const auto& [source, as] : uses(plan)) {
    used += fmt::format("  {} of {}:", source.name, table_text(plan.at(source.scan)));
    for (const Use use : as) used += fmt::format(" {}", name(use));
    used += "\n";
  }
  return fmt::format("steps:\n{}in all {} rounds, {} sent by each node\nreveals:\n{}uses:\n{}",
                     steps, all.rounds, bytes_text(all.bytes_sent), reveals, used);
}

}  // namespace polder
