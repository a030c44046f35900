#include <algorithm>
#include <cmath>

#include "ops/arithmetic/divide.h"
#include "table/aggregate_steps.h"

namespace polder::aggregates {
namespace {

std::int64_t units(const Type& type) {
  std::int64_t units = 1;
  for (int i = 0; type.kind == TypeKind::decimal && i < type.scale; ++i) units *= 10;
  return units;
}

/// Fraction bits of the mean: as many as leave room for the sum that is divided.
int fraction_bits(const Type& type, std::uint64_t rows) {
  return std::clamp(61 - sum_of(type.bounds, rows).width(), 0, 40);
}

Type gives(const Type& type, std::uint64_t rows) {
  const int fraction = fraction_bits(type, rows);
  // Cut off towards zero, so within the values' bounds and 0.
  const Int128 scale = Int128{1} << fraction;
  Type mean = Type::fixed(fraction, std::min<Int128>(type.bounds.low, 0) * scale / units(type),
                          std::max<Int128>(type.bounds.high, 0) * scale / units(type));
  if (type.kind == TypeKind::fixed) mean.scale = type.scale + fraction;
  mean.error = std::ldexp(1.0, -mean.scale) + type.error;
  mean.null = true;
  return mean;
}

Series finish(Protocol& mpc, const Type& mean, const GroupStatistics& of) {
  const Type& type = of.column->type();
  const int fraction = type.kind == TypeKind::fixed ? mean.scale - type.scale : mean.scale;
  const Arith& sum = of.number(Statistic::sum);
  const Arith& count = of.number(Statistic::count);
  Quotient quotient =
      divide_fixed(mpc, sum, count * static_cast<std::uint64_t>(units(type)), fraction);
  Series series(mean, std::move(quotient.value));
  series.set_null(mpc.bit_not(quotient.defined));
  return series;
}

}  // namespace

std::vector<Aggregate> mean() {
  return {{.name = "mean",
           .python = "Series.mean()",
           .what = "The mean of the values that are not missing; missing if there are none.",
           .differs = {"the last digit is cut off, towards zero: the error is below the type's"},
           .oracle = "x.mean()",
           .takes = [](const Type& type) { return type.is_number(); },
           .takes_what = "numbers",
           .gives = gives,
           .steps = steps({.asks = {Statistic::sum, Statistic::count}, .finish = finish})}};
}

}  // namespace polder::aggregates
