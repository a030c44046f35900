#include "match/match.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "match/delegated/answers.h"
#include "match/delegated/conditions.h"
#include "match/delegated/union.h"

namespace polder {
namespace {

void check_recipients(const MatchRequest& request, const std::vector<MatchParty>& parties) {
  if (request.recipients.empty()) fail(Code::bad_input, "match: no recipients; name at least one");
  if (request.show != Show::rows) return;
  for (const std::string& name : request.recipients) {
    if (std::ranges::find(parties, name, &MatchParty::name) != parties.end()) continue;
    fail(Code::bad_input,
         "match: '{}' has no table in this run, so it has no rows to learn; ask for a count", name);
  }
}

void check(const MatchRequest& request, const std::vector<MatchParty>& parties) {
  if (parties.empty()) fail(Code::bad_input, "match: no tables; name at least one");
  if (request.threshold < 1 || request.threshold > parties.size()) {
    fail(Code::bad_input, "match: the threshold is {} but there are {} parties; choose 1 to {}",
         request.threshold, parties.size(), parties.size());
  }
  if (request.min_flags > parties.size()) {
    fail(Code::bad_input, "match: {} flags are asked for but there are {} parties; choose 0 to {}",
         request.min_flags, parties.size(), parties.size());
  }
  for (const MatchParty& party : parties) {
    if (party.identifier.width() != identifier_width) {
      fail(Code::bad_schema, "match: identifiers of '{}' have {} bits; all need {}", party.name,
           party.identifier.width(), identifier_width);
    }
    const bool flags_fit = request.min_flags == 0 || (party.flag.width() == 1 &&
                                                      party.flag.size() == party.identifier.size());
    if (!flags_fit)
      fail(Code::bad_schema, "match: the table of '{}' has no flag for each row", party.name);
    if (party.attribute && party.attribute->size() != party.identifier.size()) {
      fail(Code::bad_schema, "match: the table of '{}' has no attribute for each row", party.name);
    }
  }
}

std::vector<Owner> owners_of(const MatchRequest& request, std::vector<MatchParty>& parties) {
  std::vector<Owner> owners;
  std::size_t first = 0;
  for (MatchParty& party : parties) {
    const std::size_t count = party.identifier.size();
    const bool is_recipient = std::ranges::count(request.recipients, party.name) > 0;
    owners.push_back({.name = party.name,
                      .first = first,
                      .count = count,
                      .attribute = std::exchange(party.attribute, std::nullopt),
                      .is_recipient = is_recipient});
    first += count;
  }
  return owners;
}

/// Which identifiers count towards at_least: those that so many owners hold who are no recipients.
/// Two, as one alone might have made an identifier up together with the recipients; one, if there
/// is just one.
struct Counting {
  std::vector<bool> others;   // one a party: it is no recipient
  std::uint64_t holders;      // of these
  bool all_that_match_count;  // `threshold` holders are so many others, whoever the rest are
};

Counting counting(const MatchRequest& request, const std::vector<Owner>& owners) {
  std::vector<bool> others;
  for (const Owner& owner : owners) others.push_back(!owner.is_recipient);
  const auto number = static_cast<std::uint64_t>(std::ranges::count(others, true));
  const std::uint64_t holders = std::min<std::uint64_t>(number, 2);
  const std::uint64_t held = request.show == Show::total ? 1 : request.threshold;
  const bool all_count = request.at_least == 0 || held >= owners.size() - number + holders;
  return {.others = std::move(others), .holders = holders, .all_that_match_count = all_count};
}

/// A least number that nobody's rows could reach is a mistake, not a match that shows nothing.
void check_least(const MatchRequest& request, const std::vector<Owner>& owners) {
  if (request.at_least == 0) return;
  const bool of_attribute = request.show == Show::sum || request.show == Show::mean;
  const auto counts = [&](const Owner& owner) {
    return !owner.is_recipient && (owner.attribute || !of_attribute);
  };
  if (std::ranges::any_of(owners, counts)) return;
  fail(
      Code::bad_input,
      "match: at_least counts rows of owners other than the recipients, and here there are none{}; "
      "name fewer recipients, or leave at_least out",
      of_attribute ? " with the attribute" : "");
}

/// Set once an identifier.
Marks once_each(Protocol& mpc, const Marks& rows, const Bits& ends) {
  if (!rows.counted) return {.matched = mpc.bit_and(rows.matched, ends)};
  const Bits marked = mpc.bit_and(join_bits({&rows.matched, &*rows.counted}), ends);
  return {.matched = bit(marked, 0), .counted = bit(marked, 1)};
}

Marks in_owners_order(SortedUnion& rows, const Marks& marks) {
  const auto invert = [&](Bits x) {
    return std::get<Bits>(std::move(rows.order.invert({std::move(x)})[0]));
  };
  if (!marks.counted) return {.matched = invert(marks.matched)};
  const Bits both = invert(join_bits({&marks.matched, &*marks.counted}));
  return {.matched = bit(both, 0), .counted = bit(both, 1)};
}

/// [N], sorted: the row matches; for `total` every row does.
Marks matches(Protocol& mpc, const SortedUnion& rows, const MatchRequest& request,
              const Counting& counts) {
  const std::uint64_t threshold = request.show == Show::total ? 1 : request.threshold;
  Marks marks{.matched = enough_holders(mpc, rows, threshold)};
  if (request.show != Show::total && request.min_flags > 0)
    marks.matched = mpc.bit_and(marks.matched, enough_set(mpc, rows, rows.flag, request.min_flags));
  if (rows.marked.size() > 0)
    marks.counted = mpc.bit_and(marks.matched, enough_set(mpc, rows, rows.marked, counts.holders));
  return marks;
}

}  // namespace

int identifier_bits(std::uint64_t rows) {
  // Two of at most rows^2 / 2 pairs collide with probability below rows^2 2^-bits <= 2^-40.
  const double bits = 40 + 2 * std::log2(static_cast<double>(std::max<std::uint64_t>(rows, 1)));
  return std::min(128, static_cast<int>(std::ceil(bits)));
}

void match(Protocol& mpc, const MatchRequest& request, std::vector<MatchParty> parties,
           const Progress& progress) {
  check(request, parties);
  check_recipients(request, parties);
  const std::vector<Owner> owners = owners_of(request, parties);
  check_least(request, owners);
  const Counting counts = counting(request, owners);
  const bool by_rows = request.show != Show::sum && request.show != Show::mean;
  const bool marked = by_rows && !counts.all_that_match_count;

  progress(0.0, "sort all rows by identifier");
  SortedUnion rows =
      sorted_union(mpc, std::move(parties), marked ? counts.others : std::vector<bool>());
  progress(0.8, "compare holders and flags");
  const Marks marks = matches(mpc, rows, request, counts);
  Outcome outcome;
  const bool outsiders = std::ranges::any_of(request.recipients, [&](const auto& name) {
    return std::ranges::find(owners, name, &Owner::name) == owners.end();
  });
  if (request.show == Show::total || (request.show == Show::count && outsiders))
    outcome.identifiers = once_each(mpc, marks, segment_ends(mpc, rows));

  if (request.show != Show::total) {
    progress(0.85, "bring the answers back to their owners' order");
    outcome.by_owner = in_owners_order(rows, marks);
  }
  progress(0.95, "seal the answers");
  open_answers(mpc, request, owners, outcome);
  progress(1.0, "done");
}

void match_for_one(Protocol& mpc, const MatchRequest& request, const BinnedTable& requester,
                   const std::vector<BinnedTable>& others, const Progress& progress) {
  if (request.recipients.size() != 1 ||
      (request.show != Show::rows && request.show != Show::count)) {
    fail(Code::bad_input, "match: tables in bins show one recipient its rows or their number");
  }
  progress(0.0, "compare all bins");
  const BinConditions conditions{
      .threshold = request.threshold,
      .min_flags = request.min_flags,
      .counted_holders = request.at_least == 0 ? 0 : std::min<std::uint64_t>(others.size(), 2)};
  const Outcome outcome{.by_owner = match_in_bins(mpc, conditions, requester, others),
                        .identifiers = std::nullopt};
  const std::vector<Owner> owner{{.name = request.recipients[0],
                                  .first = 0,
                                  .count = requester.identifier.size(),
                                  .attribute = std::nullopt,
                                  .is_recipient = true}};
  progress(0.95, "seal the answer");
  open_answers(mpc, request, owner, outcome);
  progress(1.0, "done");
}

}  // namespace polder
