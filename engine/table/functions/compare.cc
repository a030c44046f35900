#include "ops/compare/compare.h"

#include "ops/arithmetic/convert.h"
#include "table/function.h"
#include "table/key_columns.h"
#include "table/numbers.h"

namespace polder::functions {
namespace {

using Types = std::vector<Type>;
using Columns = std::vector<const Series*>;

bool are_numbers(const Type& x, const Type& y) {
  const auto is_number = [](const Type& type) {
    return type.is_number() || type.kind == TypeKind::boolean;
  };
  return is_number(x) && is_number(y);
}

Type gives(const Types& of, Complaints& no) {
  if (are_numbers(of[0], of[1])) {
    const std::optional<Type> common = common_number(of[0], of[1], no);
    // The comparison looks at the sign of a difference.
    if (common && !(common->bounds - common->bounds).fits())
      no.add(Problem::overflow, "the difference of {} and {} could be beyond 2^62", of[0].text(),
             of[1].text());
  } else if (!comparable(of[0], of[1])) {
    no.add(Problem::type, "{} cannot be compared with {}; cast one", of[0].text(), of[1].text());
  }
  return Type::boolean();
}

/// Both as bits of one width, or as numbers of one scale, whichever is there.
struct Pair {
  Bits x, y;
  Sign sign = Sign::without;
  Arith difference;
  bool as_bits = true;
};

Pair pair_of(Protocol& mpc, const Series& x, const Series& y) {
  Pair pair;
  if (!are_numbers(x.type(), y.type()) ||
      (x.type().scale == y.type().scale && x.has_bits() && y.has_bits())) {
    const Frame left{x.size(), {}, {{"", share(x)}}}, right{y.size(), {}, {{"", share(y)}}};
    const bool is_number = x.type().is_stored_number();
    KeyColumns keys = key_columns(mpc, left, {""}, right, {""});
    pair.x = std::move(keys.sides[0].key);
    pair.y = std::move(keys.sides[1].key);
    if (is_number && (x.type().is_signed() || y.type().is_signed())) pair.sign = Sign::with;
    return pair;
  }
  Complaints checked;
  const Type common = *common_number(x.type(), y.type(), checked);
  pair.as_bits = false;
  pair.difference = number_as(mpc, x, common) - number_as(mpc, y, common);
  return pair;
}

Bits less(Protocol& mpc, const Series& x, const Series& y) {
  const Pair pair = pair_of(mpc, x, y);
  return pair.as_bits ? less_than(mpc, pair.x, pair.y, pair.sign)
                      : is_negative(mpc, pair.difference);
}

Bits same(Protocol& mpc, const Series& x, const Series& y) {
  const Pair pair = pair_of(mpc, x, y);
  return pair.as_bits ? equal(mpc, pair.x, pair.y) : is_zero(mpc, pair.difference);
}

struct Comparison {
  std::string name, method, sign, what;
  std::function<Bits(Protocol&, const Series&, const Series&)> of;
};

Operator comparison(Comparison as) {
  return function(
      {.name = as.name,
       .python = "Series." + as.method + "(other)",
       .what = std::move(as.what),
       .oracle = "x " + as.sign + " y",
       .example = "visits.age " + as.sign + " 18",
       .gives = gives,
       .lower = [of = std::move(as.of)](Protocol& mpc, const Type& type, const Columns& columns) {
         return Series(type, of(mpc, *columns[0], *columns[1]));
       }});
}

}  // namespace

std::vector<Operator> compare() {
  using Mpc = Protocol&;
  using In = const Series&;
  return {
      comparison({"equal", "__eq__", "==", "Whether both are equal.", same}),
      comparison({"not_equal", "__ne__", "!=", "Whether the two differ.",
                  [](Mpc mpc, In x, In y) { return mpc.bit_not(same(mpc, x, y)); }}),
      comparison({"less", "__lt__", "<", "Whether the first is less.", less}),
      comparison({"less_equal", "__le__", "<=", "Whether the first is not greater.",
                  [](Mpc mpc, In x, In y) { return mpc.bit_not(less(mpc, y, x)); }}),
      comparison({"greater", "__gt__", ">", "Whether the first is greater.",
                  [](Mpc mpc, In x, In y) { return less(mpc, y, x); }}),
      comparison({"greater_equal", "__ge__", ">=", "Whether the first is not less.",
                  [](Mpc mpc, In x, In y) { return mpc.bit_not(less(mpc, x, y)); }}),
  };
}

}  // namespace polder::functions
