#include "ml/power_of_two.h"

#include "base/error.h"

namespace polder {
namespace {

std::uint64_t two_to(int exponent) { return std::uint64_t{1} << exponent; }

/// Steps whose sum from b on is power(b).
template <typename Power>
std::vector<std::uint64_t> steps_of(int width, Power&& power) {
  std::vector<std::uint64_t> steps;
  for (int b = 0; b < width; ++b) steps.push_back(power(b) - power(b + 1));
  steps.push_back(power(width));
  return steps;
}

}  // namespace

Arith by_bit_length(Protocol& mpc, const Bits& magnitude, const std::vector<std::uint64_t>& steps) {
  const std::size_t n = magnitude.size(), width = static_cast<std::size_t>(magnitude.width());
  require(steps.size() == width + 1, "by_bit_length: a step for each length");
  const Bits set = mpc.suffix_or(magnitude);
  std::vector<Bits> places;
  for (std::size_t i = 0; i < width; ++i) places.push_back(bit(set, static_cast<int>(i)));
  const Arith flags = mpc.to_arith(concat(places));
  std::uint64_t all = 0;
  for (const std::uint64_t step : steps) all += step;
  Arith power = mpc.constant(n, all);
  for (std::size_t i = 0; i < width; ++i) power = power - slice(flags, i * n, n) * steps[i];
  return power;
}

Arith power_to_full(Protocol& mpc, const Bits& magnitude) {
  const int width = magnitude.width();
  return by_bit_length(mpc, magnitude, steps_of(width, [&](int b) { return two_to(width - b); }));
}

Arith root_power_to_full(Protocol& mpc, const Bits& magnitude) {
  const int width = magnitude.width();
  return by_bit_length(mpc, magnitude,
                       steps_of(width, [&](int b) { return two_to((width - b) / 2); }));
}

}  // namespace polder
