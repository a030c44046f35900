#include "ops/arithmetic/reciprocal.h"

#include <bit>
#include <cmath>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Reciprocal : public Operator {};

TEST_P(Reciprocal, ScalesDivisorsByPowersOfTwo) {
  const Values divisor = spread_sample(5003, 1);
  for (const int width : {63, 64}) {
    run(GetParam(), [&](Party& party) {
      Protocol& mpc = party.mpc();
      const Arith d = party.input(divisor);
      const Scaled scale = scaled(mpc, d, mpc.suffix_or(mpc.to_bits(d)), width);
      const Words low = mpc.open(scale.low, all_nodes), powers = mpc.open(scale.powers, all_nodes);
      const Words small = mpc.open(scale.products, all_nodes);
      const Words whole = mpc.open(scale.whole, all_nodes);
      const Words counts = mpc.open(scale.counts, all_nodes);
      const std::size_t n = divisor.size();
      for (std::size_t i = 0; i < n; ++i) {
        const int bit_width = static_cast<int>(std::bit_width(divisor[i]));
        const bool counted = divisor[i] != 0 && bit_width <= width;
        const int leading = bit_width - 1, t = 60 - leading;
        const auto power = [&](bool of_range, int exponent) {
          return counted && of_range ? std::uint64_t{1} << exponent : 0;
        };
        ASSERT_EQ(counts[i], counted);
        ASSERT_EQ(low[i], power(t >= 0 && t < 18, t));
        ASSERT_EQ(powers[i], power(t >= 18 && t < 39, t - 18));
        ASSERT_EQ(powers[n + i], power(t >= 39, t - 39));
        ASSERT_EQ(powers[2 * n + i], power(t < 0, t + 3));
        ASSERT_EQ(small[i], counted && t >= 0 ? divisor[i] << t : 0);
        if (counted) {
          ASSERT_EQ(whole[i], divisor[i] << (63 - leading));
        }
      }
    });
  }
}

// y reaches the operator up to 2 too small, as a probabilistic truncation leaves it.
TEST_P(Reciprocal, IsRightToTwentyFiveBits) {
  const std::size_t n = 100003;
  Values whole = sample(n, 64, 2), y(n);
  std::mt19937_64 draw(3);
  for (std::size_t i = 0; i < n; ++i) {
    if (i % 2 == 0) whole[i] = draw() >> draw() % 64 << draw() % 64;
    whole[i] |= std::uint64_t{1} << 63;
    const std::uint64_t centred = whole[i] - (std::uint64_t{3} << 62);
    const auto floor = static_cast<std::uint64_t>(static_cast<std::int64_t>(centred) >> 34);
    y[i] = 0 - (floor - i % 3 / 2);
  }
  const Values inverse =
      arith([&](Party& party) { return reciprocal_of(party.mpc(), party.input(y)); });
  for (std::size_t i = 0; i < n; ++i) {
    const long double exact = std::ldexp(1.0L, 93) / static_cast<long double>(whole[i]);
    const long double error = (static_cast<long double>(inverse[i]) - exact) / exact;
    ASSERT_LT(std::abs(error), std::ldexp(1.0L, -25)) << whole[i];
  }
}

POLDER_EVERY_PROTOCOL(Reciprocal);

}  // namespace
}  // namespace polder
