#include "ops/arithmetic/convert.h"
#include "ops/compare/select.h"
#include "table/function.h"
#include "table/numbers.h"

namespace polder::functions {
namespace {

using Types = std::vector<Type>;
using Columns = std::vector<const Series*>;

Bits missing(Protocol& mpc, const Series& x) {
  return x.null() == nullptr ? mpc.constant(x.size(), 1, 0) : *x.null();
}

Sign sign_of(const Type& type) { return type.is_signed() ? Sign::with : Sign::without; }

/// The column's own type, with bounds that hold the value too.
Type filled_type(const Types& of, Complaints& no) {
  Type type = of[0];
  if (!comparable(of[0], of[1]) || of[0].scale != of[1].scale || of[0].kind != of[1].kind ||
      of[0].length != of[1].length) {
    no.add(Problem::type, "{} cannot be filled up with {}; cast one", of[0].text(), of[1].text());
  } else if (type.is_stored_number()) {
    type.bounds = hull(type.bounds, of[1].bounds);
  }
  type.null = of[0].null && of[1].null;
  return type;
}

Series filled(Protocol& mpc, const Type& gives, const Columns& of) {
  const Series &x = *of[0], &value = *of[1];
  if (x.null() == nullptr && x.type().width() == gives.width()) return x;
  const Bits absent = missing(mpc, x);
  std::optional<Bits> null;
  if (gives.null) null = mpc.bit_and(absent, *value.null());
  if (x.has_number() && !x.has_bits()) {
    Series series(gives, select(mpc, absent, value.number(mpc), x.number(mpc)));
    return std::move(series.set_null(std::move(null)));
  }
  const auto as_wide = [&](const Series& one) {
    return resize(mpc, one.bits(mpc), gives.width(), sign_of(one.type()));
  };
  Series series(gives, select(mpc, absent, as_wide(value), as_wide(x)));
  return std::move(series.set_null(std::move(null)));
}

}  // namespace

std::vector<Operator> missing() {
  const auto truth = [](const Types&, Complaints&) { return Type::boolean(); };
  return {function({.name = "isna",
                    .arity = 1,
                    .python = "Series.isna()",
                    .what = "Whether the value is missing.",
                    .oracle = "x.isna()",
                    .example = "visits[visits.age.isna()]",
                    .nulls = Nulls::own,
                    .gives = truth,
                    .lower = [](Protocol& mpc, const Type& type,
                                const Columns& of) { return Series(type, missing(mpc, *of[0])); }}),
          function({.name = "notna",
                    .arity = 1,
                    .python = "Series.notna()",
                    .what = "Whether there is a value.",
                    .oracle = "x.notna()",
                    .example = "visits[visits.age.notna()]",
                    .nulls = Nulls::own,
                    .gives = truth,
                    .lower =
                        [](Protocol& mpc, const Type& type, const Columns& of) {
                          return Series(type, mpc.bit_not(missing(mpc, *of[0])));
                        }}),
          function({.name = "fillna",
                    .python = "Series.fillna(value)",
                    .what = "Another value where one is missing.",
                    .oracle = "x.fillna(value)",
                    .example = "visits.age.fillna(0)",
                    .nulls = Nulls::own,
                    .gives = filled_type,
                    .lower = filled})};
}

}  // namespace polder::functions
