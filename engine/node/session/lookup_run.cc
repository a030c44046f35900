#include "node/session/lookup_run.h"

#include "base/error.h"
#include "match/delegated/lookup.h"
#include "match/match.h"
#include "node/session/table_shares.h"

namespace polder {
namespace {

constexpr std::string_view identifier_type = "hash128";

// Measured peak of a node's shares: a row's identifier, what is loaded of it, its report likewise.
constexpr std::uint64_t bytes_per_row = 100;
constexpr std::uint64_t bytes_per_report_word = 40;
constexpr std::uint64_t bytes_per_run = 64 * 1024 * 1024;

const TableRecord& queries_of(const PreparedRun& run) { return *run.tables[LookupPlan::requester]; }
const TableRecord& register_of(const PreparedRun& run) { return *run.tables[LookupPlan::owner]; }

void check_identifiers(const TableRecord& table) {
  const ColumnSpec* const column = bits_of_type(table, identifier_type);
  if (column != nullptr && column->width == identifier_width) return;
  fail(Code::bad_schema, "plan: table {} of '{}' needs a {} column of {} bits; upload it again",
       table.handle, table.manifest.owner, identifier_type, identifier_width);
}

Bits identifiers(const TableShares& shares, const TableRecord& table) {
  return shares.bits(*bits_of_type(table, identifier_type));
}

}  // namespace

std::uint64_t check_tables(const LookupPlan& plan, const PreparedRun& run) {
  const std::uint64_t queries = queries_of(run).manifest.rows;
  if (queries < 1 || queries > max_queries) {
    fail(Code::bad_input, "plan: {} identifiers to look up; one look-up takes 1 to {}", queries,
         max_queries);
  }
  for (const auto& table : run.tables) check_identifiers(*table);
  const std::uint64_t rows = register_of(run).manifest.rows;
  const std::uint64_t memory = bytes_per_run + rows * bytes_per_row;
  if (plan.report.empty()) return memory;
  const ColumnSpec* const report = numbers_named(register_of(run), plan.report, report_type);
  if (report == nullptr) {
    fail(Code::bad_schema, "plan: the register {} of '{}' gives no report '{}'",
         register_of(run).handle, register_of(run).manifest.owner, plan.report);
  }
  return memory + column_bytes(*report, rows) / 8 * bytes_per_report_word;
}

void compute(const LookupPlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress) {
  const TableShares asked(place.tables.load(run.tables[LookupPlan::requester]), place.role);
  const TableShares known(place.tables.load(run.tables[LookupPlan::owner]), place.role);
  IncidentRegister incidents{.identifier = identifiers(known, register_of(run)), .report = {}};
  if (!plan.report.empty()) {
    incidents.report = known.numbers(*numbers_named(register_of(run), plan.report, report_type));
  }
  look_up(place.mpc, identifiers(asked, queries_of(run)), incidents, plan.to[0], progress);
}

}  // namespace polder
