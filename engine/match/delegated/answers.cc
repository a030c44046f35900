#include "match/delegated/answers.h"

#include <algorithm>
#include <bit>

#include "ops/arithmetic/divide.h"
#include "ops/compare/logic.h"

namespace polder {
namespace {

const Owner* owner_named(const std::vector<Owner>& owners, const std::string& name) {
  const auto found = std::ranges::find(owners, name, &Owner::name);
  return found == owners.end() ? nullptr : &*found;
}

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

class Answers {
 public:
  Answers(Protocol& mpc, const MatchRequest& request, const std::vector<Owner>& owners)
      : mpc_(mpc), request_(request), owners_(owners) {}

  void answer(const Outcome& outcome) {
    switch (request_.show) {
      case Show::rows:
        return answer_rows(outcome.by_owner);
      case Show::count:
        return answer_counts(outcome);
      case Show::total:
        return answer_total(*outcome.identifiers);
      case Show::sum:
      case Show::mean:
        return answer_sum(outcome.by_owner.matched);
    }
  }

 private:
  static Bits rows_of(const Owner& owner, const Bits& by_owner) {
    return slice(by_owner, owner.first, owner.count);
  }
  static Marks rows_of(const Owner& owner, const Marks& by_owner) {
    Marks own{.matched = rows_of(owner, by_owner.matched)};
    if (by_owner.counted) own.counted = rows_of(owner, *by_owner.counted);
    return own;
  }

  void answer_rows(const Marks& by_owner) {
    std::vector<Bits> own, counted;
    std::vector<Portion> portions;
    std::size_t first = 0;
    for (const std::string& name : request_.recipients) {
      const Owner& owner = *owner_named(owners_, name);
      own.push_back(rows_of(owner, by_owner.matched));
      counted.push_back(rows_of(owner, by_owner.that_count()));
      portions.push_back({{name, "rows"}, first, owner.count});
      first += owner.count;
    }
    Bits rows = concat(own);
    if (request_.at_least > 0)
      rows = mpc_.bit_and(rows, by_row(enough(numbers_set(counted)), portions));
    // Safe: the one bit a row that each recipient is to learn about its own rows.
    mpc_.open(rows, portions);
  }

  void answer_counts(const Outcome& outcome) {
    std::vector<Marks> marks;
    if (outcome.identifiers) marks.push_back(*outcome.identifiers);
    std::vector<Portion> portions;
    for (const std::string& name : request_.recipients) {
      const Owner* const owner = owner_named(owners_, name);
      portions.push_back({{name, "count"}, owner ? marks.size() : 0, 1});
      if (owner) marks.push_back(rows_of(*owner, outcome.by_owner));
    }
    // Safe: the number that each recipient is to learn.
    mpc_.open(shown_numbers(marks), portions);
  }

  void answer_total(const Marks& identifiers) {
    // Safe: the number that these recipients are to learn.
    mpc_.open(shown_numbers({identifiers}), to_all(request_, {"total"}));
  }

  void answer_sum(const Bits& by_owner) {
    std::vector<Bits> rows;
    std::vector<const Arith*> attributes;
    for (const Owner& owner : owners_) {
      if (!owner.attribute) continue;
      rows.push_back(rows_of(owner, by_owner));
      attributes.push_back(&*owner.attribute);
    }
    Arith sums = rows.empty() ? mpc_.constant(2, 0) : sum_and_number(rows, attributes);
    if (request_.show == Show::mean) return answer_mean(slice(sums, 0, 1), slice(sums, 1, 1));
    // Safe: the two numbers that these recipients are to learn.
    mpc_.open(sums, to_all(request_, {"sum", "having"}));
  }

  /// The whole part, then the fraction of the remainder, which is less than the number of rows: the
  /// sum itself need not leave room for the fraction's bits.
  void answer_mean(const Arith& sum, const Arith& having) {
    const int fraction = mean_fraction_bits(request_.at_least);
    const Quotient whole = divide(mpc_, sum, having, Sign::with);
    Arith mean = whole.value * (std::uint64_t{1} << mean_format_bits);
    if (fraction > 0) {
      const Arith rest = sum - mpc_.mul(whole.value, having);
      const Quotient part = divide(mpc_, rest * (std::uint64_t{1} << fraction), having, Sign::with);
      mean = mean + part.value * (std::uint64_t{1} << (mean_format_bits - fraction));
    }
    // Safe: the quotient alone, cut off as far as at_least bears, which these recipients are to
    // learn, and whether there is one.
    mpc_.open(mean, to_all(request_, {"mean"}));
    mpc_.open(whole.defined, to_all(request_, {"defined"}));  // safe: as the line above
  }

  /// How many rows of each column are set.  [columns].
  Arith numbers_set(const std::vector<Bits>& columns) {
    return totals(columns, mpc_.to_arith(concat(columns)));
  }
  /// `ones`: all columns' rows as numbers, one column after the other.
  static Arith totals(const std::vector<Bits>& columns, const Arith& ones) {
    std::vector<Arith> numbers;
    std::size_t first = 0;
    for (const Bits& column : columns) {
      numbers.push_back(total(slice(ones, first, column.size())));
      first += column.size();
    }
    return concat(numbers);
  }

  /// How many match of each, or 0 where too few count.  [marks].
  Arith shown_numbers(const std::vector<Marks>& marks) {
    std::vector<Bits> matched, counted;
    for (const Marks& each : marks) {
      matched.push_back(each.matched);
      if (each.counted) counted.push_back(*each.counted);
    }
    const Arith numbers = numbers_set(matched);
    if (request_.at_least == 0) return numbers;
    const Bits shown = enough(counted.empty() ? numbers : numbers_set(counted));
    return mpc_.mul(numbers, mpc_.to_arith(shown));
  }

  /// Of the attribute over all matching rows that have one, and how many these are; zeros where too
  /// few count.  rows, attributes: of each owner that has one.  [2].
  Arith sum_and_number(const std::vector<Bits>& rows, const std::vector<const Arith*>& attributes) {
    const Arith matched = mpc_.to_arith(concat(rows)), number = total(matched);
    const Arith sum =
        mpc_.matmul(matched, concat(attributes), {.n = 1, .k = matched.size(), .m = 1});
    const Arith sums = concat({&sum, &number});
    if (request_.at_least == 0) return sums;
    const Bits shown = enough_of_others(totals(rows, matched));
    return mpc_.mul(sums, mpc_.to_arith(concat({&shown, &shown})));
  }

  /// Whether at_least rows are left of owners other than the recipients, also without those of any
  /// one of these, unless there is just one.  numbers: of each owner with an attribute.  [1] of one
  /// bit.
  Bits enough_of_others(const Arith& numbers) {
    std::vector<Arith> others;
    std::size_t row = 0;
    for (const Owner& owner : owners_) {
      if (!owner.attribute) continue;
      if (!owner.is_recipient) others.push_back(slice(numbers, row, 1));
      ++row;
    }
    const Arith each = concat(others), all = total(each);
    if (others.size() == 1) return enough(all);
    const Arith left = concat(std::vector<const Arith*>(others.size(), &all)) - each;
    return polder::all(mpc_, enough(left));
  }

  /// Whether at_least is reached.  [n] -> [n] of one bit.
  Bits enough(const Arith& numbers) {
    const Arith missing = numbers - mpc_.constant(numbers.size(), request_.at_least);
    return mpc_.bit_not(mpc_.to_bit(missing, 63));  // both are far below 2^63
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

int mean_fraction_bits(std::uint64_t at_least) {
  const int bits = static_cast<int>(std::bit_width(at_least)) - 1;
  return std::clamp(bits, 0, mean_format_bits);
}

void open_answers(Protocol& mpc, const MatchRequest& request, const std::vector<Owner>& owners,
                  const Outcome& outcome) {
  Answers(mpc, request, owners).answer(outcome);
}

}  // namespace polder
