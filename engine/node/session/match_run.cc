#include "node/session/match_run.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "match/match.h"
#include "node/session/table_shares.h"

namespace polder {
namespace {

// Peak of a node's shares, as the bench measures it: 71 B a row in a LAN; between far
// ones, for what is under way at once, up to 260, or 24 MB for few (match/memory_release_test.cc);
// of a place in bins 41 and 86.
constexpr std::uint64_t bytes_per_row = 300;
constexpr std::uint64_t bytes_per_place = 90;
constexpr std::uint64_t bytes_per_run = 24 * 1024 * 1024;

/// The match, its tables, and the party whose table has one slot a bin, if all are in bins.
struct CheckedMatch {
  const MatchPlan& plan;
  const PreparedRun& run;
  std::optional<std::size_t> requester;

  const TableRecord& table(std::size_t party) const { return *run.tables[party]; }
};

const ColumnSpec* attribute_of(const TableRecord& table, std::string_view name) {
  return numbers_named(table, name, "integer");
}

std::string_view identifier_type(const CheckedMatch& match, std::size_t party) {
  if (!match.requester) return "hash128";
  return party == *match.requester ? one_slot_type : all_slots_type;
}

/// Bits of an identifier that the run takes: all that were uploaded, or, in bins, what is compared.
int bits_to_take(const CheckedMatch& match) {
  if (!match.requester) return identifier_width;
  return binned_identifier_bits(match.run.rows - match.table(*match.requester).manifest.rows);
}

/// The party whose table has one slot a bin.  Throws Error bad_schema if it is not the one that
/// the plan's answer is for.
std::optional<std::size_t> find_requester(const MatchPlan& plan, const PreparedRun& run) {
  for (std::size_t i = 0; i < run.tables.size(); ++i) {
    if (bits_of_type(*run.tables[i], one_slot_type) == nullptr) continue;
    const bool fits = plan.to == std::vector{plan.parties[i]} && plan.threshold >= 2 &&
                      (plan.show == MatchPlan::Show::rows || plan.show == MatchPlan::Show::count);
    if (!fits)
      fail(Code::bad_schema,
           "plan: table {} is in bins, which serve a match that shows its owner '{}' alone rows or "
           "a count, from a threshold of 2 on",
           plan.tables[i], plan.parties[i]);
    return i;
  }
  return {};
}

void check_bins(const CheckedMatch& match) {
  if (!match.requester) return;
  const std::uint64_t bins = match.table(*match.requester).manifest.rows;
  for (const auto& table : match.run.tables) {
    if (bins == 0 || table->manifest.rows % bins != 0)
      fail(Code::bad_schema, "plan: table {} of '{}' has {} slots, which do not make layers of {}",
           table->handle, table->manifest.owner, table->manifest.rows, bins);
  }
}

void check_columns(const CheckedMatch& match) {
  const int needed = bits_to_take(match);
  for (std::size_t i = 0; i < match.run.tables.size(); ++i) {
    const auto& table = match.run.tables[i];
    const std::string_view type = identifier_type(match, i);
    const ColumnSpec* const identifier = bits_of_type(*table, type);
    if (identifier == nullptr || identifier->width < needed) {
      fail(Code::bad_schema,
           "plan: table {} of '{}' needs a {} column of {} bits for {} rows in all", table->handle,
           table->manifest.owner, type, needed, match.run.rows);
    }
    const ColumnSpec* const flag = bits_of_type(*table, "flag");
    if (match.plan.min_flags > 0 && (flag == nullptr || flag->width != 1)) {
      fail(Code::bad_schema, "plan: table {} of '{}' has no flag column; set min_flags to 0",
           table->handle, table->manifest.owner);
    }
  }
}

void check_attribute(const CheckedMatch& match) {
  if (match.plan.attribute.empty()) return;
  const auto has = [&](const auto& table) {
    return attribute_of(*table, match.plan.attribute) != nullptr;
  };
  if (std::none_of(match.run.tables.begin(), match.run.tables.end(), has)) {
    fail(Code::bad_schema, "plan: no table has a number column '{}'", match.plan.attribute);
  }
}

MatchParty load_party(const CheckedMatch& match, std::size_t party, const RunPlace& place) {
  const TableRecord& table = match.table(party);
  const TableShares shares(place.tables.load(match.run.tables[party]), place.role);
  MatchParty out{
      .name = match.plan.parties[party],
      .identifier = bits(shares.bits(*bits_of_type(table, identifier_type(match, party))), 0,
                         bits_to_take(match)),
      .flag = {},
      .attribute = {}};
  if (match.plan.min_flags > 0) out.flag = shares.bits(*bits_of_type(table, "flag"));
  const ColumnSpec* const attribute = attribute_of(table, match.plan.attribute);
  if (attribute != nullptr && !match.plan.attribute.empty()) {
    out.attribute = shares.numbers(*attribute);
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

void run_in_bins(Protocol& mpc, const CheckedMatch& match, const MatchRequest& request,
                 std::vector<MatchParty> parties, const Progress& progress) {
  const int width = bits_to_take(match);
  BinnedTable requester;
  std::vector<BinnedTable> others;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    BinnedTable table{.identifier = std::move(parties[i].identifier),
                      .flag = std::move(parties[i].flag)};
    if (i == *match.requester) {
      requester = {.identifier = bits(table.identifier, 0, width), .flag = std::move(table.flag)};
    } else {
      others.push_back(std::move(table));
    }
  }
  match_for_one(mpc, request, requester, others, progress);
}

}  // namespace

std::uint64_t check_tables(const MatchPlan& plan, const PreparedRun& run) {
  const CheckedMatch match{.plan = plan, .run = run, .requester = find_requester(plan, run)};
  check_bins(match);
  check_columns(match);
  check_attribute(match);
  return bytes_per_run + run.rows * (match.requester ? bytes_per_place : bytes_per_row);
}

void compute(const MatchPlan& plan, const PreparedRun& run, const RunPlace& place,
             const Progress& progress) {
  const CheckedMatch match{.plan = plan, .run = run, .requester = find_requester(plan, run)};
  std::vector<MatchParty> parties;
  for (std::size_t i = 0; i < run.tables.size(); ++i) {
    parties.push_back(load_party(match, i, place));
  }
  const MatchRequest request{.threshold = plan.threshold,
                             .min_flags = plan.min_flags,
                             .show = show_of(plan),
                             .at_least = plan.at_least,
                             .recipients = plan.to};
  if (match.requester) return run_in_bins(place.mpc, match, request, std::move(parties), progress);
  polder::match(place.mpc, request, std::move(parties), progress);
}

}  // namespace polder
