#include "node/session/table_run.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/error.h"
#include "node/session/stored_tables.h"
#include "table/execution.h"
#include "table/ingest.h"
#include "table/memory.h"

namespace polder {
namespace {

constexpr std::uint64_t ingest_times = 8;  // of a table's components, what its check holds at most
constexpr std::uint64_t ingest_bytes = 24 << 20;

/// A table that the plan reads, before the one that the run has for it.
void check_scan(const Step& node, const TableRecord& bound) {
  const TableRead read = node.op->reads(node.fields);
  const Manifest& manifest = bound.manifest;
  if (manifest.name != read.table || manifest.owner != read.owner) {
    fail(Code::bad_schema, "plan: it reads table '{}' of '{}', and the run has '{}' of '{}' for it",
         read.table, read.owner, manifest.name, manifest.owner);
  }
  if (manifest.rows > read.max_rows) {
    fail(Code::bad_schema,
         "plan: table '{}' of '{}' has {} rows, and the plan was made for {} at most; make it anew",
         read.table, read.owner, manifest.rows, read.max_rows);
  }
  for (const ColumnShape& wanted : node.shape.columns) {
    const auto column = std::ranges::find(manifest.schema, wanted.name, &TypedColumn::name);
    if (column == manifest.schema.end())
      fail(Code::bad_schema, "plan: table '{}' of '{}' has no column '{}'", read.table, read.owner,
           wanted.name);
    if (column->type != wanted.type) {
      fail(Code::bad_schema, "plan: column '{}' of table '{}' of '{}' is {}, and the plan wants {}",
           wanted.name, read.table, read.owner, column->type.text(), wanted.type.text());
    }
  }
}

void check_scans(const Graph& steps, const PreparedRun& run) {
  std::size_t place = 0;
  std::set<std::pair<std::string, std::string>> names;
  for (const Step& node : steps.steps()) {
    if (!node.op->reads) continue;
    if (place == run.tables.size())
      fail(Code::bad_schema, "plan: it reads more tables than the {} that the run has",
           run.tables.size());
    const TableRecord& bound = *run.tables[place++];
    check_scan(node, bound);
    // Two versions of a table of one name would be one to the plan.
    if (!names.emplace(bound.manifest.name, bound.manifest.owner).second)
      fail(Code::bad_schema, "plan: it reads table '{}' of '{}' twice; read all columns at once",
           bound.manifest.name, bound.manifest.owner);
  }
  if (place != run.tables.size())
    fail(Code::bad_schema, "plan: it reads {} tables, and the run has {}", place,
         run.tables.size());
}

std::vector<std::string> recipients_of(const Graph& steps) {
  std::set<std::string> all;
  for (const Step& node : steps.steps()) {
    if (!node.op->opens) continue;
    const OpensTo opens = node.op->opens(node.fields);
    all.insert(opens.to.begin(), opens.to.end());
  }
  return {all.begin(), all.end()};
}

/// The nodes on which an answer depends, itself included. `inputs` may leave some of a node's out.
template <typename Inputs>
std::set<StepId> nodes_behind(const Graph& steps, StepId answer, Inputs&& inputs) {
  std::set<StepId> behind;
  std::vector<bool> is_behind(answer + 1, false);
  is_behind[answer] = true;
  for (StepId id = answer + 1; id-- > 0;) {  // inputs stand before who uses them
    if (!is_behind[id]) continue;
    behind.insert(id);
    for (const StepId input : inputs(steps.at(id))) is_behind[input] = true;
  }
  return behind;
}

/// What a root shows to one recipient.
struct Shown {
  std::set<StepId>
      behind;  // nodes of which it learns what the plan makes of them, whatever that is
  std::set<StepId> own_rows;  // answers of which it learns the values in its own rows alone
};

/// Of an answer that owners may learn in their own rows, the rows of this owner's table.
bool is_of_own_rows(const Graph& steps, const Step& step, const std::string& owner) {
  if (step.op->copies != Copies::first_input || steps.at(step.of[0]).op->owners_learn.empty())
    return false;
  const Step& made_rows = steps.at(step.shape.rows);
  return made_rows.op->reads && made_rows.op->reads(made_rows.fields).owner == owner;
}

Shown shown_to(const std::string& recipient, const Graph& steps, StepId answer) {
  Shown shown;
  shown.behind = nodes_behind(steps, answer, [&](const Step& step) -> std::span<const StepId> {
    if (!is_of_own_rows(steps, step, recipient)) return step.of;
    // What is made of these values and of the recipient's own tables says no more than they do.
    shown.own_rows.insert(step.of[0]);
    return {};
  });
  return shown;
}

using Manifests = std::map<StepId, const Manifest*>;

/// The run's table for each node that reads one.
Manifests manifests(const Graph& steps, const PreparedRun& run) {
  Manifests of;
  for (StepId id = 0; id < steps.size(); ++id) {
    if (steps.at(id).op->reads) of.emplace(id, &run.tables.at(of.size())->manifest);
  }
  return of;
}

/// Every owner of a table behind the answer allows it by name; and that means columns as they were
/// uploaded, not what a plan could make of them first.
void check_own_rows(StepId answer, const std::string& label, const Graph& steps,
                    const Manifests& tables) {
  const Operator& op = *steps.at(answer).op;
  for (const StepId id :
       nodes_behind(steps, answer, [](const Step& step) { return std::span(step.of); })) {
    const Step& step = steps.at(id);
    if (step.op->reads) {
      const Manifest& manifest = *tables.at(id);
      if (std::ranges::find(manifest.serves.uses, use_named(op.owners_learn)) !=
          manifest.serves.uses.end())
        continue;
      fail(Code::forbidden,
           "plan: '{}' shows an owner {} that is computed from table '{}' of '{}' too, which does "
           "not serve that; its owner may upload it again to serve {}",
           label, op.owners_learn, manifest.name, manifest.owner, op.owners_learn);
    }
    if (id != answer && step.op->copies == Copies::nothing) {
      fail(Code::forbidden,
           "plan: '{}' shows an owner {} of what {} has computed; owners allow it of their columns "
           "as they are, so leave that step out",
           label, op.owners_learn, step.op->name);
    }
  }
}

/// Rows may go to an owner, if no table of others stands behind them: those would tell which of its
/// rows others have; but for answers in its own rows that every owner behind them allows. All else
/// must be of groups as large as every owner wants.
void check_opening(const Step& root, const Graph& steps, const Manifests& tables) {
  const OpensTo opens = root.op->opens(root.fields);
  const std::string label = root.op->label(root.fields);
  const std::string only = opens.to.size() == 1 ? opens.to[0] : "";
  const auto [behind, own_rows] = shown_to(only, steps, root.of.at(0));
  for (const StepId answer : own_rows) check_own_rows(answer, label, steps, tables);
  const Shape& shape = steps.at(root.of.at(0)).shape;
  const bool of_records = std::ranges::any_of(shape.columns, &ColumnShape::is_of_records);
  for (const auto& [scan, table] : tables) {
    const Manifest& manifest = *table;
    if (!behind.contains(scan) || manifest.owner == only) continue;
    if (manifest.serves.approval) continue;  // by which its owner signed each opening: approvals.h
    if (of_records) {
      fail(Code::forbidden,
           "plan: '{}' shows rows computed from table '{}' of '{}' to others; open sums, means or "
           "counts of groups",
           label, manifest.name, manifest.owner);
    }
    if (opens.min_group < std::max<std::uint64_t>(manifest.serves.at_least, 1)) {
      fail(Code::forbidden,
           "plan: '{}' shows groups from {} rows on, and table '{}' of '{}' serves groups from {} "
           "on; set min_group to it",
           label, opens.min_group, manifest.name, manifest.owner, manifest.serves.at_least);
    }
  }
}

}  // namespace

std::uint64_t check_tables(const TablePlan& plan, const PreparedRun& run) {
  const Graph& steps = *run.steps;
  require_sound(steps);
  check_scans(steps, run);
  if (recipients_of(steps) != plan.to)
    fail(Code::bad_input, "plan: 'to' is not whom the plan opens something to");
  const Manifests tables = manifests(steps, run);
  for (const Step& node : steps.steps()) {
    if (node.op->opens) check_opening(node, steps, tables);
  }
  return memory_needed(steps);
}

std::uint64_t check_tables(const IngestPlan&, const PreparedRun& run) {
  const Manifest& manifest = run.tables.front()->manifest;
  std::uint64_t numbers = 0;  // conversions hold words of 64 bits, one column at a time
  if (!manifest.schema.empty()) numbers = manifest.rows * sizeof(std::uint64_t);
  return ingest_bytes + 2 * manifest.data_bytes + ingest_times * 2 * numbers;
}

void compute(const TablePlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress) {
  StoredTables tables(place.tables, run.tables, place.role);
  Execution(place.mpc, *run.steps, tables, plan.parameters).run(progress);
}

void compute(const IngestPlan&, const PreparedRun& run, const RunPlace& place,
             const Progress& progress) {
  const std::shared_ptr<const TableRecord>& table = run.tables.front();
  progress(0, "check the values");
  require_as_declared(place.mpc,
                      frame_of(place.tables, table, place.role, columns_of(table->manifest)),
                      table->manifest.name);
  place.tables.mark_sound(table->handle);
}

}  // namespace polder
