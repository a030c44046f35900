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

/// One bit, set if `count` [1] reaches at_least.
Bits reaches(Protocol& mpc, const Arith& count, std::uint64_t at_least) {
  const Bits negative =
      mpc.to_bit(count - mpc.constant(1, at_least), 63);  // both are far below 2^63
  return mpc.invert(negative);
}

/// What the answers are made from.
struct Outcome {
  Bits by_owner;                     // [N] of one bit in the parties' own order
  std::optional<Arith> identifiers;  // [1]: how many different identifiers match, if asked for
};

class Answers {
 public:
  Answers(Protocol& mpc, const MatchRequest& request, const std::vector<Owner>& owners)
      : mpc_(mpc), request_(request), owners_(owners) {}

  void answer(const std::string& name, const Outcome& outcome) {
    const Owner* const owner = owner_named(owners_, name);
    if (request_.show == Show::rows) {
      if (!owner)
        fail(Code::bad_input,
             "match: '{}' has no table in this run, so it has no rows to learn; ask for a count",
             name);
      return answer_rows(name, rows_of(*owner, outcome.by_owner));
    }
    if (request_.show == Show::count) {
      return answer_count(
          name, owner ? count_of(rows_of(*owner, outcome.by_owner)) : *outcome.identifiers);
    }
    answer_sum(name, outcome.by_owner);
  }

 private:
  static Bits rows_of(const Owner& owner, const Bits& by_owner) {
    return slice(by_owner, owner.first, owner.count);
  }
  Arith count_of(const Bits& rows) { return total(mpc_.to_arith(rows)); }

  void answer_rows(const std::string& name, Bits rows) {
    if (request_.at_least > 1) {
      const Bits enough = reaches(mpc_, count_of(rows), request_.at_least);
      rows = mpc_.both(rows, gather(mpc_.workers(), enough, Indices(rows.size(), 0)));
    }
    // Safe: the one bit a row that this recipient is to learn about its own rows.
    mpc_.open(rows, Recipient{name, "rows"});
  }

  void answer_count(const std::string& name, Arith count) {
    if (request_.at_least > 1)
      count = mpc_.mul(count, mpc_.to_arith(reaches(mpc_, count, request_.at_least)));
    // Safe: the number that this recipient is to learn.
    mpc_.open(count, Recipient{name, "count"});
  }

  void answer_sum(const std::string& name, const Bits& by_owner) {
    Arith sum = mpc_.constant(1, 0), having = mpc_.constant(1, 0);
    for (const Owner& owner : owners_) {
      if (!owner.attribute) continue;
      const Arith matched = mpc_.to_arith(rows_of(owner, by_owner));
      sum = sum + total(mpc_.mul(matched, *owner.attribute));
      having = having + total(matched);
    }
    if (request_.at_least > 1) {
      const Arith enough = mpc_.to_arith(reaches(mpc_, having, request_.at_least));
      sum = mpc_.mul(sum, enough), having = mpc_.mul(having, enough);
    }
    if (request_.show == Show::mean) return answer_mean(name, sum, having);
    // Safe: the two numbers that this recipient is to learn.
    mpc_.open(sum, Recipient{name, "sum"});
    mpc_.open(having, Recipient{name, "having"});  // safe: as the line above
  }

  void answer_mean(const std::string& name, const Arith& sum, const Arith& having) {
    const Arith scaled = sum * (std::uint64_t{1} << mean_fraction_bits);
    const Quotient mean = divide(mpc_, scaled, having, Sign::with);
    // Safe: the quotient alone, which this recipient is to learn, and whether there is one.
    mpc_.open(mean.value, Recipient{name, "mean"});
    mpc_.open(mean.defined, Recipient{name, "defined"});  // safe: as the line above
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
  progress(0.0, "sort all rows by identifier");
  const std::vector<Owner> owners = owners_of(parties);
  const SortedUnion rows = sorted_union(mpc, std::move(parties));

  progress(0.8, "compare holders and flags");
  const Bits ends = group_ends(mpc, rows);
  if (request.show == Show::total) {
    const Arith count = total(mpc.to_arith(ends));
    // Safe: the number that these recipients are to learn.
    for (const std::string& name : request.recipients) mpc.open(count, Recipient{name, "total"});
    return progress(1.0, "done");
  }
  const Bits matched = matches(mpc, rows, request);
  Outcome outcome;
  const bool outsiders = std::ranges::any_of(
      request.recipients, [&](const auto& name) { return !owner_named(owners, name); });
  if (request.show == Show::count && outsiders)
    outcome.identifiers = total(mpc.to_arith(mpc.both(matched, ends)));

  progress(0.85, "bring the answers back to their owners' order");
  outcome.by_owner = std::get<Bits>(std::move(rows.order.invert({matched})[0]));
  progress(0.95, "seal the answers");
  Answers answers(mpc, request, owners);
  for (const std::string& name : request.recipients) answers.answer(name, outcome);
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
  Answers(mpc, request, owner).answer(name, outcome);
  progress(1.0, "done");
}

}  // namespace polder
