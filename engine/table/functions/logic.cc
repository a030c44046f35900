#include "ops/compare/logic.h"

#include "table/function.h"

namespace polder::functions {
namespace {

using Types = std::vector<Type>;
using Columns = std::vector<const Series*>;

Type gives(const Types& of, Complaints& no) {
  Type type = Type::boolean();
  for (const Type& one : of) {
    if (one.kind != TypeKind::boolean)
      no.add(Problem::type, "true or false is wanted, not {}; compare it with something",
             one.text());
    type.null = type.null || one.null;
  }
  return type;
}

/// Known to be true, known to be false: neither where it is missing.
struct Known {
  Bits yes, no;
};

Known known(Protocol& mpc, const Series& x) {
  const Bits &bit = x.bits(mpc), turned = mpc.bit_not(bit);
  if (x.null() == nullptr) return {bit, turned};
  const Bits there = mpc.bit_not(*x.null());
  return {mpc.bit_and(bit, there), mpc.bit_and(turned, there)};
}

Series with_missing(Protocol& mpc, const Type& gives, const Bits& yes, const Bits& no) {
  Series series(gives, yes);
  // The two are never both set.
  if (gives.null) series.set_null(mpc.bit_not(yes ^ no));
  return series;
}

Series conjunction(Protocol& mpc, const Type& gives, const Columns& of) {
  const Known x = known(mpc, *of[0]), y = known(mpc, *of[1]);
  const Bits yes = mpc.bit_and(x.yes, y.yes);
  return with_missing(mpc, gives, yes, gives.null ? bit_or(mpc, x.no, y.no) : mpc.bit_not(yes));
}

Series disjunction(Protocol& mpc, const Type& gives, const Columns& of) {
  const Known x = known(mpc, *of[0]), y = known(mpc, *of[1]);
  const Bits yes = bit_or(mpc, x.yes, y.yes);
  return with_missing(mpc, gives, yes, gives.null ? mpc.bit_and(x.no, y.no) : mpc.bit_not(yes));
}

}  // namespace

std::vector<Operator> logic() {
  return {function({.name = "and",
                    .python = "Series.__and__(other)",
                    .what = "Whether both are true; missing and false is false.",
                    .oracle = "x & y",
                    .example = "visits[(visits.age >= 18) & visits.insured]",
                    .nulls = Nulls::own,
                    .gives = gives,
                    .lower = conjunction}),
          function({.name = "or",
                    .python = "Series.__or__(other)",
                    .what = "Whether one is true; missing or true is true.",
                    .oracle = "x | y",
                    .example = "visits[(visits.age < 18) | visits.insured]",
                    .nulls = Nulls::own,
                    .gives = gives,
                    .lower = disjunction}),
          function({.name = "not",
                    .arity = 1,
                    .python = "Series.__invert__()",
                    .what = "True where it is false.",
                    .oracle = "~x",
                    .example = "visits[~visits.insured]",
                    .gives = gives,
                    .lower = [](Protocol& mpc, const Type& type, const Columns& of) {
                      return Series(type, mpc.bit_not(of[0]->bits(mpc)));
                    }})};
}

}  // namespace polder::functions
