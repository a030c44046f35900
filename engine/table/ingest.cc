#include "table/ingest.h"

#include "base/error.h"
#include "ops/arithmetic/convert.h"
#include "ops/compare/compare.h"
#include "ops/compare/logic.h"
#include "ops/compare/open_any.h"

namespace polder {
namespace {

constexpr std::size_t combinations = 48;

Sign sign_of(const Type& type) { return type.is_signed() ? Sign::with : Sign::without; }

std::uint64_t low_bits(Int128 value, int width) {
  const auto all = static_cast<std::uint64_t>(value);
  return width == 64 ? all : all & ((std::uint64_t{1} << width) - 1);
}

/// Bounds that are all that the bits can hold are no bounds.
bool holds_anything(const Type& type) {
  const int width = type.width();
  const Int128 values = Int128{1} << width;
  return type.bounds.high - type.bounds.low + 1 == values;
}

/// Rows whose number is out of its bounds.  [n] of one bit.
Bits out_of_bounds(Protocol& mpc, const Type& type, const Bits& x) {
  if (holds_anything(type)) return mpc.constant(x.size(), 1, 0);
  const Sign sign = sign_of(type);
  const Bits below = less_than(mpc, x, low_bits(type.bounds.low, x.width()), sign),
             above = less_than(mpc, low_bits(type.bounds.high, x.width()), x, sign);
  return below ^ above;
}

/// Rows with a character behind the end of their text.  [n] of one bit.
Bits beyond_end(Protocol& mpc, const Type& type, const Bits& x) {
  const int width = type.width() / type.length;
  Bits bad = mpc.constant(x.size(), 1, 0);
  std::optional<Bits> later;  // the character after this one, which is stored below it, is none
  for (int i = 0; i < type.length; ++i) {
    Bits none = is_zero(mpc, bits(x, i * width, width));
    if (later) bad = bit_or(mpc, bad, mpc.bit_and(none, mpc.bit_not(*later)));
    later = std::move(none);
  }
  return bad;
}

/// Rows that are not as the type says; what is missing need only be zero.
Bits wrong_rows(Protocol& mpc, const Series& series) {
  const Type& type = series.type();
  const Bits& x = series.bits(mpc);
  Bits wrong = mpc.constant(x.size(), 1, 0);
  if (type.is_stored_number()) wrong = out_of_bounds(mpc, type, x);
  if (type.kind == TypeKind::string) wrong = beyond_end(mpc, type, x);
  if (series.null() == nullptr) return wrong;
  // Either missing and not zero, or there and wrong: never both.
  return mpc.bit_and(*series.null(), mpc.bit_not(is_zero(mpc, x))) ^
         mpc.bit_and(mpc.bit_not(*series.null()), wrong);
}

/// Of random combinations of the differences between the two forms, whether they are not zero.
Bits forms_that_differ(Protocol& mpc, const Series& series, Stream& coins) {
  const Type& type = series.type();
  const Arith difference = series.number(mpc) - to_arith(mpc, series.bits(mpc), sign_of(type));
  std::vector<Arith> sums;
  while (sums.size() < combinations) {
    Words weights(difference.size());
    coins.fill(weights);
    sums.push_back(total(difference * std::span<const std::uint64_t>(weights)));
  }
  return mpc.bit_not(is_zero(mpc, concat(sums)));
}

}  // namespace

void require_as_declared(Protocol& mpc, const Frame& frame, const std::string& table) {
  if (frame.rows == 0) return;
  Stream coins = toss_coins(mpc);
  for (const auto& [name, series] : frame.columns) {
    bool wrong = open_any(mpc, wrong_rows(mpc, *series), coins);
    if (series->has_number()) wrong |= open_any(mpc, forms_that_differ(mpc, *series, coins), coins);
    if (wrong) {
      fail(
          Code::bad_schema,
          "table '{}': values of column '{}' are not {}; its owner must split and upload it with a "
          "client that checks them",
          table, name, series->type().text());
    }
  }
}

}  // namespace polder
