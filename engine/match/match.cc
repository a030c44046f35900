#include "match/match.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "match/delegated/conditions.h"
#include "match/delegated/union.h"
#include "ops/divide.h"

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
    const bool flags_fit = request.min_flags == 0 || (party.flag.width() == 1 &&
                                                      party.flag.size() == party.identifier.size());
    if (!flags_fit)
      fail(Code::bad_schema, "match: the table of '{}' has no flag for each row", party.name);
    if (party.attribute && party.attribute->size() != party.identifier.size()) {
      fail(Code::bad_schema, "match: the table of '{}' has no attribute for each row", party.name);
    }
  }
}

/// What is known of a party while its rows are in the union: where they lie there.
struct Owner {
  std::string name;
  std::size_t first, count;
  std::optional<Arith> attribute;
};

std::vector<Owner> owners_of(std::vector<MatchParty>& parties) {
  std::vector<Owner> owners;
  std::size_t first = 0;
  for (MatchParty& party : parties) {
    const std::size_t count = party.identifier.size();
    owners.push_back({party.name, first, count, std::exchange(party.attribute, std::nullopt)});
    first += count;
  }
  return owners;
}

const Owner* owner_named(const std::vector<Owner>& owners, const std::string& name) {
  const auto found = std::ranges::find(owners, name, &Owner::name);
  return found == owners.end() ? nullptr : &*found;
}

/// [N] of one bit, sorted: the row matches.
Bits matches(Protocol& mpc, const SortedUnion& rows, const MatchRequest& request) {
  Bits matched = enough_holders(mpc, rows, request.threshold);
  if (request.min_flags > 0)
    matched = mpc.both(matched, enough_flags(mpc, rows, request.min_flags));
  return matched;
}

/// What the answers are made from.
struct Outcome {
  Bits by_owner;                    // [N] of one bit in the parties' own order: the row matches
  std::optional<Bits> identifiers;  // [N] of one bit, set once an identifier that matches
};

/// Row i of a column to every recipient under label i.
std::vector<Portion> to_all(const MatchRequest& request,
                            std::initializer_list<std::string_view> labels) {
  std::vector<Portion> portions;
  for (const std::string& name : request.recipients) {
    std::size_t row = 0;
    for (const std::string_view label : labels)
      portions.push_back({{name, std::string(label)}, row++, 1});
  }
  return portions;
}

/// All recipients' answers are made and opened side by side, in rounds that do not grow with them.
class Answers {
 public:
  Answers(Protocol& mpc, const MatchRequest& request, const std::vector<Owner>& owners)
      : mpc_(mpc), request_(request), owners_(owners) {}

  void answer(const Outcome& outcome) {
    if (request_.show == Show::rows) return answer_rows(outcome.by_owner);
    if (request_.show == Show::count) return answer_counts(outcome);
    answer_sum(outcome.by_owner);
  }

 private:
  static Bits rows_of(const Owner& owner, const Bits& by_owner) {
    return slice(by_owner, owner.first, owner.count);
  }

  void answer_rows(const Bits& by_owner) {
    std::vector<Bits> own;
    std::vector<Portion> portions;
    std::size_t first = 0;
    for (const std::string& name : request_.recipients) {
      own.push_back(rows_of(*owner_named(owners_, name), by_owner));
      portions.push_back({{name, "rows"}, first, own.back().size()});
      first += own.back().size();
    }
    Bits rows = concat(own);
    if (request_.at_least > 1) rows = mpc_.both(rows, by_row(enough(numbers_set(own)), portions));
    // Safe: the one bit a row that each recipient is to learn about its own rows.
    mpc_.open(rows, portions);
  }

  void answer_counts(const Outcome& outcome) {
    std::vector<Bits> counted;
    if (outcome.identifiers) counted.push_back(*outcome.identifiers);
    std::vector<Portion> portions;
    for (const std::string& name : request_.recipients) {
      const Owner* const owner = owner_named(owners_, name);
      portions.push_back({{name, "count"}, owner ? counted.size() : 0, 1});
      if (owner) counted.push_back(rows_of(*owner, outcome.by_owner));
    }
    Arith counts = numbers_set(counted);
    if (request_.at_least > 1) counts = mpc_.mul(counts, mpc_.to_arith(enough(counts)));
    // Safe: the number that each recipient is to learn.
    mpc_.open(counts, portions);
  }

  void answer_sum(const Bits& by_owner) {
    Arith sums = sum_and_number(by_owner);
    if (request_.at_least > 1) {
      const Bits shown = enough(slice(sums, 1, 1));
      sums = mpc_.mul(sums, mpc_.to_arith(concat({&shown, &shown})));
    }
    if (request_.show == Show::mean) return answer_mean(slice(sums, 0, 1), slice(sums, 1, 1));
    // Safe: the two numbers that these recipients are to learn.
    mpc_.open(sums, to_all(request_, {"sum", "having"}));
  }

  /// The whole part, then the fraction of the remainder, which is less than the number of rows: the
  /// sum itself need not leave room for the fraction's bits.
  void answer_mean(const Arith& sum, const Arith& having) {
    const std::uint64_t one = std::uint64_t{1} << mean_fraction_bits;
    const Quotient whole = divide(mpc_, sum, having, Sign::with);
    const Arith rest = sum - mpc_.mul(whole.value, having);
    const Quotient fraction = divide(mpc_, rest * one, having, Sign::with);
    // Safe: the quotient alone, which these recipients are to learn, and whether there is one.
    mpc_.open(whole.value * one + fraction.value, to_all(request_, {"mean"}));
    mpc_.open(whole.defined, to_all(request_, {"defined"}));  // safe: as the line above
  }

  /// How many rows of each column are set.  [columns].
  Arith numbers_set(const std::vector<Bits>& columns) {
    const Arith ones = mpc_.to_arith(concat(columns));
    std::vector<Arith> numbers;
    std::size_t first = 0;
    for (const Bits& column : columns) {
      numbers.push_back(total(slice(ones, first, column.size())));
      first += column.size();
    }
    return concat(numbers);
  }

  /// Of the attribute over all matching rows that have one, and how many these are.  [2].
  Arith sum_and_number(const Bits& by_owner) {
    std::vector<Bits> rows;
    std::vector<const Arith*> attributes;
    for (const Owner& owner : owners_) {
      if (!owner.attribute) continue;
      rows.push_back(rows_of(owner, by_owner));
      attributes.push_back(&*owner.attribute);
    }
    if (rows.empty()) return mpc_.constant(2, 0);
    const Arith matched = mpc_.to_arith(concat(rows)), number = total(matched);
    const Arith sum =
        mpc_.matmul(matched, concat(attributes), {.n = 1, .k = matched.size(), .m = 1});
    return concat({&sum, &number});
  }

  /// Whether at_least is reached.  [n] -> [n] of one bit.
  Bits enough(const Arith& numbers) {
    const Arith missing = numbers - mpc_.constant(numbers.size(), request_.at_least);
    return mpc_.invert(mpc_.to_bit(missing, 63));  // both are far below 2^63
  }

  /// Row i of x for all rows of portion i.
  Bits by_row(const Bits& x, const std::vector<Portion>& portions) {
    Indices from;
    for (std::uint32_t i = 0; i < portions.size(); ++i)
      from.insert(from.end(), portions[i].count, i);
    return gather(mpc_.workers(), x, from);
  }

  Protocol& mpc_;
  const MatchRequest& request_;
  const std::vector<Owner>& owners_;
};

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
  progress(0.0, "sort all rows by identifier");
  const std::vector<Owner> owners = owners_of(parties);
  const SortedUnion rows = sorted_union(mpc, std::move(parties));

  progress(0.8, "compare holders and flags");
  const Bits ends = group_ends(mpc, rows);
  if (request.show == Show::total) {
    const Arith count = total(mpc.to_arith(ends));
    // Safe: the number that these recipients are to learn.
    mpc.open(count, to_all(request, {"total"}));
    return progress(1.0, "done");
  }
  const Bits matched = matches(mpc, rows, request);
  Outcome outcome;
  const bool outsiders = std::ranges::any_of(
      request.recipients, [&](const auto& name) { return !owner_named(owners, name); });
  if (request.show == Show::count && outsiders) outcome.identifiers = mpc.both(matched, ends);

  progress(0.85, "bring the answers back to their owners' order");
  outcome.by_owner = std::get<Bits>(std::move(rows.order.invert({matched})[0]));
  progress(0.95, "seal the answers");
  Answers(mpc, request, owners).answer(outcome);
  progress(1.0, "done");
}

void match_for_one(Protocol& mpc, const MatchRequest& request, const BinnedTable& asker,
                   const std::vector<BinnedTable>& others, const Progress& progress) {
  if (request.recipients.size() != 1 ||
      (request.show != Show::rows && request.show != Show::count)) {
    fail(Code::bad_input, "match: tables in bins show one recipient its rows or their number");
  }
  progress(0.0, "compare all bins");
  Outcome outcome{
      .by_owner = match_in_bins(mpc, request.threshold, request.min_flags, asker, others),
      .identifiers = std::nullopt};
  const std::string& name = request.recipients[0];
  const std::vector<Owner> owner{{name, 0, asker.identifier.size(), std::nullopt}};
  progress(0.95, "seal the answer");
  Answers(mpc, request, owner).answer(outcome);
  progress(1.0, "done");
}

}  // namespace polder
