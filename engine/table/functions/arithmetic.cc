#include "table/function.h"
#include "table/numbers.h"

namespace polder::functions {
namespace {

using Types = std::vector<Type>;
using Columns = std::vector<const Series*>;

/// The sum or difference, in the common form of both.
Operator sum_of_two(std::string name, std::string sign, bool adds) {
  const auto gives = [name, adds](const Types& of, Complaints& no) {
    const std::optional<Type> common = common_number(of[0], of[1], no);
    if (!common) return Type();
    Type type = *common;
    const Bounds x = bounds_as(of[0], type), y = bounds_as(of[1], type);
    type.bounds = adds ? x + y : x - y;
    type.error = of[0].error + of[1].error;
    require_fits(type, name, of, no);
    return type;
  };
  const auto lower = [adds](Protocol& mpc, const Type& type, const Columns& of) {
    const Arith x = number_as(mpc, *of[0], type), y = number_as(mpc, *of[1], type);
    return Series(type, adds ? x + y : x - y);
  };
  return function({.name = name,
                   .python = adds ? "Series.__add__(other)" : "Series.__sub__(other)",
                   .what = adds ? "The sum, exact." : "The difference, exact.",
                   .differs = {"what could overflow is refused before anything runs; pandas wraps"},
                   .oracle = "x " + sign + " y",
                   .example = "visits.cost " + sign + " visits.fee",
                   .gives = gives,
                   .lower = lower});
}

/// Decimals add up, and whole numbers have none.
Type product_type(const Types& of, Complaints& no) {
  for (const Type& type : of) {
    if (!type.is_number() && type.kind != TypeKind::boolean)
      no.add(Problem::type, "multiply takes numbers, not {}", type.text());
  }
  if (of[0].kind == TypeKind::fixed || of[1].kind == TypeKind::fixed) {
    if (of[0].kind == of[1].kind || of[0].kind == TypeKind::decimal ||
        of[1].kind == TypeKind::decimal)
      no.add(Problem::type, "{} times {} is not exact; cast one to a whole number", of[0].text(),
             of[1].text());
  }
  if (!no.empty()) return {};
  const auto scale = [](const Type& type) { return type.is_number() ? type.scale : 0; };
  Type type = Type::integer(0, 0);
  for (const Type& one : of) {
    if (one.is_number() && one.kind != TypeKind::integer) type.kind = one.kind;
  }
  type.scale = scale(of[0]) + scale(of[1]);
  if (type.kind == TypeKind::decimal && type.scale > 18)
    no.add(Problem::overflow, "multiply would have {} decimals, more than 18", type.scale);
  type.bounds = of[0].bounds * of[1].bounds;
  require_fits(type, "multiply", of, no);
  return type;
}

Series product(Protocol& mpc, const Type& gives, const Columns& of) {
  for (const int known : {0, 1}) {
    const Series &factor = *of[static_cast<std::size_t>(known)],
                 &other = *of[static_cast<std::size_t>(1 - known)];
    if (factor.known()) return Series(gives, other.number(mpc) * factor.known()->at(0));
  }
  return Series(gives, mpc.mul(of[0]->number(mpc), of[1]->number(mpc)));
}

}  // namespace

std::vector<Operator> arithmetic() {
  return {
      sum_of_two("add", "+", true), sum_of_two("subtract", "-", false),
      function({.name = "multiply",
                .python = "Series.__mul__(other)",
                .what = "The product, exact: decimals add up.",
                .differs = {"what could overflow is refused before anything runs; pandas wraps"},
                .oracle = "x * y",
                .example = "lines.price * lines.quantity",
                .gives = product_type,
                .lower = product})};
}

}  // namespace polder::functions
