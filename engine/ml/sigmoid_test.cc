#include "ml/sigmoid.h"

#include <cmath>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Sigmoid : public Operator {};

double largest_error(const Values& x, const Values& got, int fraction_bits) {
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double at = std::ldexp(static_cast<double>(as_signed(x[i], 64)), -24);
    const double is = std::ldexp(static_cast<double>(as_signed(got[i], 64)), -fraction_bits);
    worst = std::max(worst, std::abs(is - 1 / (1 + std::exp(-at))));
  }
  return worst;
}

TEST_P(Sigmoid, IsWithinItsBoundOnADenseGridAndAtItsKnots) {
  Values x;
  for (int i = -90'000; i <= 90'000; ++i)
    x.push_back(static_cast<std::uint64_t>(std::int64_t{i} * 4219));
  for (std::int64_t knot = -21; knot <= 21; ++knot) {
    for (const std::int64_t beside : {-1, 0, 1})
      x.push_back(static_cast<std::uint64_t>((knot << 24) + beside));
  }
  for (const std::int64_t far : {25, 1000, (1 << 20) - 1, -25, -1000, -(1 << 20) + 1})
    x.push_back(static_cast<std::uint64_t>(far << 24));
  for (const int fraction_bits : {28, 24, 18}) {
    const Values got =
        arith([&](Party& party) { return sigmoid(party.mpc(), party.input(x), fraction_bits); });
    const double rounding = std::ldexp(0.5, -fraction_bits);
    EXPECT_LT(largest_error(x, got, fraction_bits), std::ldexp(1, -25) + rounding);
  }
}

TEST_P(Sigmoid, TakesAnyNumberOfRows) {
  for (const std::size_t n : {0, 1, 2, 63}) {
    const Values x(n, std::uint64_t{1} << 24);
    const Values got =
        arith([&](Party& party) { return sigmoid(party.mpc(), party.input(x), 24); });
    ASSERT_EQ(got.size(), n);
    EXPECT_LT(largest_error(x, got, 24), std::ldexp(1, -24));
  }
}

POLDER_EVERY_PROTOCOL(Sigmoid);

}  // namespace
}  // namespace polder
