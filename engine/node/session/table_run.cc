#include "node/session/table_run.h"

#include <algorithm>
#include <set>

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

/// Rows of a table may go to its owner, if no table of others took part: those would tell which of
/// its rows others have. All else must be of groups as large as every owner wants.
void check_opening(const Step& root, const Graph& steps, const PreparedRun& run) {
  const OpensTo opens = root.op->opens(root.fields);
  const std::string label = root.op->label(root.fields);
  const Shape& shown = steps.at(root.of.at(0)).shape;
  const bool of_records = std::ranges::any_of(shown.columns, &ColumnShape::is_of_records);
  for (const auto& table : run.tables) {
    const Manifest& manifest = table->manifest;
    if (manifest.serves.approval) continue;  // by which its owner signed each opening: approvals.h
    const bool own = opens.to == std::vector{manifest.owner};
    if (of_records && !own) {
      fail(Code::forbidden,
           "plan: '{}' shows rows computed from table '{}' of '{}' to others; open sums, means or "
           "counts of groups",
           label, manifest.name, manifest.owner);
    }
    if (!own && opens.min_group < std::max<std::uint64_t>(manifest.serves.at_least, 1)) {
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
  for (const Step& node : steps.steps()) {
    if (node.op->opens) check_opening(node, steps, run);
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
