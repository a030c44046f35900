#include "table/numbers.h"

namespace polder {

std::optional<Type> common_number(const Type& x, const Type& y, Complaints& no) {
  const auto as_number = [](const Type& type) {
    return type.kind == TypeKind::boolean ? Type::integer(0, 1) : type;
  };
  const Type a = as_number(x), b = as_number(y);
  if (!a.is_number() || !b.is_number()) {
    no.add(Problem::type, "{} and {} are not two numbers", x.text(), y.text());
    return std::nullopt;
  }
  if ((a.kind == TypeKind::fixed && b.kind == TypeKind::decimal) ||
      (a.kind == TypeKind::decimal && b.kind == TypeKind::fixed)) {
    no.add(Problem::type, "{} and {} have no exact common form; cast one", x.text(), y.text());
    return std::nullopt;
  }
  Type common = a.kind == TypeKind::integer ? b : a;
  common.scale = std::max(a.scale, b.scale);
  common.error = 0;
  common.null = false;
  common.bounds = hull(bounds_as(a, common), bounds_as(b, common));
  if (!common.bounds.fits()) {
    no.add(Problem::overflow, "{} and {} in one form could reach {}, beyond 2^62", x.text(),
           y.text(), common.bounds.text());
    return std::nullopt;
  }
  return common;
}

std::uint64_t factor_to(const Type& type, const Type& common) {
  std::uint64_t factor = 1;
  const int scale = type.is_number() ? type.scale : 0;
  for (int i = scale; i < common.scale; ++i) factor *= common.kind == TypeKind::decimal ? 10 : 2;
  return factor;
}

Bounds bounds_as(const Type& type, const Type& common) {
  const auto factor = static_cast<Int128>(factor_to(type, common));
  return {type.bounds.low * factor, type.bounds.high * factor};
}

Arith number_as(Protocol& mpc, const Series& series, const Type& common) {
  const std::uint64_t factor = factor_to(series.type(), common);
  return factor == 1 ? series.number(mpc) : series.number(mpc) * factor;
}

}  // namespace polder
