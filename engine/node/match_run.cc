#include "node/match_run.h"

#include <algorithm>

#include "base/error.h"
#include "protocol/registry.h"

namespace polder {
namespace {

using Kind = ColumnSpec::Kind;

// Peak of a node's shares, as the bench measures it: 71 B a row between near nodes; between far
// ones up to 260, for what is under way at once (match/memory_release_test.cc).
constexpr std::uint64_t bytes_per_row = 300;
constexpr std::uint64_t bytes_per_place = 60;
constexpr std::uint64_t bytes_per_run = 16 * 1024 * 1024;

const ColumnSpec* column_of_type(const TableRecord& table, std::string_view type) {
  const auto& columns = table.manifest.columns;
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const ColumnSpec& column) {
    return column.type == type && column.kind == Kind::bits;
  });
  return found == columns.end() ? nullptr : &*found;
}

const ColumnSpec* attribute_of(const TableRecord& table, std::string_view name) {
  const auto& columns = table.manifest.columns;
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const ColumnSpec& column) {
    return column.name == name && column.kind == Kind::arith;
  });
  return found == columns.end() ? nullptr : &*found;
}

void check_owner(const TableRecord& table, const std::string& party) {
  if (table.manifest.owner == party) return;
  fail(Code::forbidden, "plan: table {} belongs to '{}', not to the party '{}'", table.handle,
       table.manifest.owner, party);
}

std::string_view identifier_type(const PreparedMatch& match, std::size_t party) {
  if (!match.asker) return "hash128";
  return party == *match.asker ? one_place_type : all_places_type;
}

int bits_to_compare(const PreparedMatch& match) {
  if (!match.asker) return identifier_bits(match.rows);
  return binned_identifier_bits(match.rows - match.tables[*match.asker]->manifest.rows);
}

/// The party whose table has one place a bin.  Throws Error bad_schema if it is not the one that
/// the plan's answer is for.
std::optional<std::size_t> find_asker(const PreparedMatch& match) {
  for (std::size_t i = 0; i < match.tables.size(); ++i) {
    if (column_of_type(*match.tables[i], one_place_type) == nullptr) continue;
    const MatchPlan& plan = match.plan;
    const bool fits = plan.to == std::vector{plan.parties[i]} && plan.threshold >= 2 &&
                      (plan.show == MatchPlan::Show::rows || plan.show == MatchPlan::Show::count);
    if (!fits)
      fail(Code::bad_schema,
           "plan: table {} is in bins, which serve a match that shows its owner '{}' alone rows or "
           "a count, from a threshold of 2 on",
           match.plan.tables[i], match.plan.parties[i]);
    return i;
  }
  return {};
}

void check_bins(const PreparedMatch& match) {
  if (!match.asker) return;
  const std::uint64_t bins = match.tables[*match.asker]->manifest.rows;
  for (const auto& table : match.tables) {
    if (bins == 0 || table->manifest.rows % bins != 0)
      fail(Code::bad_schema, "plan: table {} of '{}' has {} places, which do not make layers of {}",
           table->handle, table->manifest.owner, table->manifest.rows, bins);
  }
}

void check_columns(const PreparedMatch& match) {
  const int needed = bits_to_compare(match);
  for (std::size_t i = 0; i < match.tables.size(); ++i) {
    const auto& table = match.tables[i];
    const std::string_view type = identifier_type(match, i);
    const ColumnSpec* const identifier = column_of_type(*table, type);
    if (identifier == nullptr || identifier->width < needed) {
      fail(Code::bad_schema,
           "plan: table {} of '{}' needs a {} column of {} bits for {} rows in all", table->handle,
           table->manifest.owner, type, needed, match.rows);
    }
    const ColumnSpec* const flag = column_of_type(*table, "flag");
    if (match.plan.min_flags > 0 && (flag == nullptr || flag->width != 1)) {
      fail(Code::bad_schema, "plan: table {} of '{}' has no flag column; set min_flags to 0",
           table->handle, table->manifest.owner);
    }
  }
}

void check_attribute(const PreparedMatch& match) {
  if (match.plan.attribute.empty()) return;
  const auto has = [&](const auto& table) {
    return attribute_of(*table, match.plan.attribute) != nullptr;
  };
  if (std::none_of(match.tables.begin(), match.tables.end(), has)) {
    fail(Code::bad_schema, "plan: no table has a number column '{}'", match.plan.attribute);
  }
}

/// One table's columns as this node's shares of them.
class Shares {
 public:
  Shares(TableShare share, int role) : share_(std::move(share)), role_(role) {}

  Bits bits(const ColumnSpec& column) const {
    const BitShape shape{share_.record->manifest.rows, column.width};
    return node_bits(role_, shape, sent(column), column.name);
  }
  Arith arith(const ColumnSpec& column) const {
    return node_arith(role_, share_.record->manifest.rows, sent(column), column.name);
  }

 private:
  Sent sent(const ColumnSpec& column) const {
    return {.first = share_.first ? &*share_.first : nullptr,
            .second = share_.second ? &*share_.second : nullptr,
            .data = data_of(column)};
  }
  std::span<const std::uint64_t> data_of(const ColumnSpec& column) const {
    if (share_.data.empty()) return {};
    std::size_t at = 0;
    for (const ColumnSpec& other : share_.record->manifest.columns) {
      const std::size_t words = column_bytes(other, share_.record->manifest.rows) / 8;
      if (other.name == column.name) return std::span(share_.data).subspan(at, words);
      at += words;
    }
    return {};
  }

  TableShare share_;
  int role_;
};

MatchParty load_party(const PreparedMatch& match, std::size_t party, int role, TableStore& tables) {
  const TableRecord& table = *match.tables[party];
  const Shares shares(tables.load(table.handle), role);
  MatchParty out{
      .name = match.plan.parties[party],
      .identifier = bits(shares.bits(*column_of_type(table, identifier_type(match, party))), 0,
                         bits_to_compare(match)),
      .flag = {},
      .attribute = {}};
  if (match.plan.min_flags > 0) out.flag = shares.bits(*column_of_type(table, "flag"));
  const ColumnSpec* const attribute = attribute_of(table, match.plan.attribute);
  if (attribute != nullptr && !match.plan.attribute.empty()) {
    out.attribute = shares.arith(*attribute);
  }
  return out;
}

Show show_of(const MatchPlan& plan) {
  switch (plan.show) {
    case MatchPlan::Show::rows:
      return Show::rows;
    case MatchPlan::Show::count:
      return Show::count;
    case MatchPlan::Show::union_size:
      return Show::total;
    case MatchPlan::Show::sum:
      return Show::sum;
    case MatchPlan::Show::mean:
      return Show::mean;
  }
  return Show::rows;
}

void run_in_bins(Protocol& mpc, const PreparedMatch& match, const MatchRequest& request,
                 std::vector<MatchParty> parties, const Progress& progress) {
  const int width = bits_to_compare(match);
  BinnedTable asker;
  std::vector<BinnedTable> others;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    BinnedTable table{.identifier = std::move(parties[i].identifier),
                      .flag = std::move(parties[i].flag)};
    if (i == *match.asker) {
      asker = {.identifier = bits(table.identifier, 0, width), .flag = std::move(table.flag)};
    } else {
      others.push_back(std::move(table));
    }
  }
  match_for_one(mpc, request, asker, others, progress);
}

}  // namespace

PreparedMatch prepare(const MatchPlan& plan, TableStore& tables, Members& members) {
  PreparedMatch match{
      .plan = plan, .tables = {}, .recipients = {}, .asker = {}, .rows = 0, .memory_bytes = 0};
  for (std::size_t i = 0; i < plan.tables.size(); ++i) {
    match.tables.push_back(tables.checked(plan.tables[i]));
    check_owner(*match.tables.back(), plan.parties[i]);
    match.rows += match.tables.back()->manifest.rows;
  }
  for (const std::string& name : plan.to) {
    const auto member = members.named(name);
    if (!member) fail(Code::not_found, "plan: the recipient '{}' is not admitted here", name);
    match.recipients.push_back(*member);
  }
  match.asker = find_asker(match);
  check_bins(match);
  check_columns(match);
  check_attribute(match);
  match.memory_bytes = bytes_per_run + match.rows * (match.asker ? bytes_per_place : bytes_per_row);
  return match;
}

void authorise(const PreparedMatch& match, std::string_view requester) {
  const auto owns = [&](const auto& table) { return table->manifest.owner == requester; };
  if (std::none_of(match.tables.begin(), match.tables.end(), owns)) {
    fail(Code::forbidden, "session: '{}' owns none of the plan's tables, so it cannot ask for it",
         requester);
  }
}

void run(Protocol& mpc, const PreparedMatch& match, int role, TableStore& tables,
         const Progress& progress) {
  progress(0, "load the tables");
  std::vector<MatchParty> parties;
  for (std::size_t i = 0; i < match.tables.size(); ++i) {
    parties.push_back(load_party(match, i, role, tables));
  }
  const MatchRequest request{.threshold = match.plan.threshold,
                             .min_flags = match.plan.min_flags,
                             .show = show_of(match.plan),
                             .at_least = match.plan.at_least,
                             .recipients = match.plan.to};
  if (match.asker) return run_in_bins(mpc, match, request, std::move(parties), progress);
  polder::match(mpc, request, std::move(parties), progress);
}

}  // namespace polder
