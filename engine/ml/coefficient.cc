#include "ml/coefficient.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "ml/logistic_fit.h"

namespace polder {
namespace {

constexpr int w_bits = LogisticFit::fraction_bits, w_width = w_bits + LogisticFit::most;
constexpr int number_width = 61;  // of all products, without the sign
constexpr int max_width = 28, bound_width = 33;
constexpr int stated = LogisticFit::tolerance - 1;  // 2^-stated: twice the last step

bool is_one_spelling(const std::string& text) {
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
  };
  const std::string_view all = text;
  const std::size_t point = all.find('.');
  const std::string_view whole = all.substr(0, point);
  if (!digits(whole) || (whole.size() > 1 && whole[0] == '0')) return false;
  if (point == all.npos) return true;
  return digits(all.substr(point + 1)) && all.back() != '0';
}

/// One in stored units.
std::uint64_t units_of(const Type& type) {
  std::uint64_t units = 1;
  for (int i = 0; i < type.scale; ++i) units *= type.kind == TypeKind::decimal ? 10 : 2;
  return units;
}

/// The least r with x <= 2^r, 0 or more.
int min_power(double x) {
  int power = 0;
  while (std::ldexp(1.0, power) < x) ++power;
  return power;
}

Type bounded(int scale, Int128 most, double error) {
  Type type = Type::fixed(scale, -most, most);
  type.error = error;
  type.null = true;
  return type;
}

bool fits(const ColumnShape& column, int reach, Complaints& no) {
  const Type& type = column.type;
  if (!type.is_number() && type.kind != TypeKind::boolean) {
    no.add(Problem::type, "'{}' is {}; features are numbers or true and false: make it some first",
           column.name, type.text());
    return false;
  }
  const Int128 largest = std::max(-type.bounds.low, type.bounds.high);
  const Int128 range = type.bounds.high - type.bounds.low;
  if (range >= Int128{1} << max_width || largest >= Int128{1} << bound_width) {
    no.add(Problem::overflow,
           "'{}' ({}) is stored as more than 2^{} different numbers, or beyond 2^{}; declare "
           "narrower bounds or fewer decimals",
           column.name, type.text(), max_width, bound_width);
    return false;
  }
  if (reach > max_width || type.scale > max_width) {
    no.add(Problem::overflow, "'{}' ({}) has too many decimals for this C; round it, or raise C",
           column.name, type.text());
    return false;
  }
  return true;
}

}  // namespace

std::optional<double> inverse_penalty(const std::string& text) {
  if (text == "inf") return std::numeric_limits<double>::infinity();
  double c = 0;
  const char* end = text.data() + text.size();
  if (!is_one_spelling(text) || std::from_chars(text.data(), end, c).ptr != end)
    return std::nullopt;
  if (c < 1e-6 || c > 1e9) return std::nullopt;
  return c;
}

Coefficients coefficients(const std::vector<ColumnShape>& features, double c, Complaints& no) {
  Coefficients all{1, {}, {}};
  std::vector<Feature> scaled;
  std::vector<double> roots;
  for (const ColumnShape& column : features) {
    const Type& type = column.type;
    const double units = static_cast<double>(units_of(type));
    const double root = std::isinf(c) ? 0 : units / std::sqrt(c);
    const int reach = min_power(root);
    if (!fits(column, reach, no)) continue;
    scaled.push_back({static_cast<std::int64_t>(type.bounds.low),
                      static_cast<std::uint64_t>(type.bounds.high - type.bounds.low),
                      units_of(type), reach});
    roots.push_back(root);
  }
  if (!no.empty()) return all;
  all.width = width_of(scaled);
  double centres = 0;
  for (std::size_t j = 0; j < scaled.size(); ++j) {
    const Feature& feature = scaled[j];
    const Bounds& bounds = features[j].type.bounds;
    const int product = w_width + all.width - feature.min_reach;
    const auto bits_of_units = static_cast<int>(std::bit_width(feature.units - 1));
    const int cut = std::max(0, product + bits_of_units - number_width);
    const int scale = w_bits + all.width - cut;
    const double unit = std::ldexp(static_cast<double>(feature.units), -feature.min_reach);
    const double rounding =
        cut == 0 ? 0 : std::ldexp(static_cast<double>(feature.units), -scale - 1);
    const double error = std::ldexp(unit, -stated) + rounding;
    all.of.push_back(
        {feature,
         static_cast<std::uint64_t>(std::llround(std::ldexp(roots[j], number_width - all.width))),
         cut, bounded(scale, (Int128{1} << (product - cut)) * feature.units, error)});
    const auto farthest = static_cast<double>(std::max(-bounds.low, bounds.high));
    centres += std::min(std::ldexp(1.0, largest_centre), std::ldexp(farthest, -feature.min_reach));
  }
  const auto terms = static_cast<Int128>(scaled.size()) << largest_centre;
  all.intercept = bounded(w_bits, (terms + 1) << w_width, std::ldexp(1 + centres, -stated));
  return all;
}

}  // namespace polder
