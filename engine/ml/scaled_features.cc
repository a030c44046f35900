#include "ml/scaled_features.h"

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "ml/matrix.h"
#include "ml/power_of_two.h"
#include "ops/arithmetic/divide.h"
#include "ops/compare/any.h"

namespace polder {
namespace {

/// Of each feature the bits that its distances from the centre take, at least its least reach.
/// [d n] -> [d] of `width`.
Bits reach(Protocol& mpc, const std::vector<Feature>& features, const Arith& x, int width) {
  const std::size_t d = features.size(), n = x.size() / d;
  const Bits all = polder::bits(mpc.to_bits(x), 0, width + 1);
  const Bits magnitude = polder::bits(all, 0, width) ^ repeat_bit(bit(all, width), width);
  std::vector<Bits> parts;
  std::vector<const Bits*> side_by_side;
  for (std::size_t j = 0; j < d; ++j) parts.push_back(slice(magnitude, j * n, n));
  for (const Bits& part : parts) side_by_side.push_back(&part);
  const Bits any_row = any(mpc, join_bits(side_by_side));

  std::vector<Bits> by_feature;
  Words least(d);
  for (std::size_t j = 0; j < d; ++j) {
    by_feature.push_back(polder::bits(any_row, static_cast<int>(j) * width, width));
    const int place = features[j].min_reach;
    least[j] = place > 0 ? std::uint64_t{1} << (place - 1) : 0;
  }
  Words others(d);
  std::ranges::transform(least, others.begin(), [](std::uint64_t word) { return ~word; });
  return (concat(std::span<const Bits>(by_feature)) & PlainBits::of_rows(others, d, width)) ^
         mpc.constant(PlainBits::of_rows(least, d, width));
}

}  // namespace

int width_of(const std::vector<Feature>& features) {
  int width = 1;
  for (const Feature& feature : features) {
    width = std::max({width, static_cast<int>(std::bit_width(feature.range)), feature.min_reach});
  }
  return width;
}

ScaledFeatures scaled_features(Protocol& mpc, const std::vector<Feature>& features, const Arith& x,
                               const Arith& counts, const Arith& count) {
  const std::size_t d = features.size(), n = counts.size();
  const int width = width_of(features);
  require(d > 0 && x.size() == d * n, "scaled_features: sizes do not fit");
  require(width <= 28, "scaled_features: too wide");
  Words low;
  for (const Feature& feature : features) low.push_back(static_cast<std::uint64_t>(feature.low));
  const Arith lows = mpc.constant(low);
  const Arith from_low = x - each_repeated(mpc, lows, n);
  // The mean to the next stored unit: (2 sum + count) / (2 count).
  const Arith sums = mpc.matmul(from_low, counts, {d, n, 1}), times = all_repeated(mpc, count, d);
  const Arith mean = divide(mpc, sums * 2 + times, times * 2, Sign::without).value;
  const Arith all_counts = all_repeated(mpc, counts, d);
  const Arith distance = mpc.mul(from_low - each_repeated(mpc, mean, n), all_counts);

  ScaledFeatures scaled{width, {}, mean + lows, {}};
  scaled.power = power_to_full(mpc, reach(mpc, features, distance, width));
  scaled.z = rounded_shift(mpc, mpc.mul(distance, each_repeated(mpc, scaled.power, n)),
                           width - ScaledFeatures::fraction_bits);
  return scaled;
}

}  // namespace polder
