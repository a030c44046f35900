#include "ops/arithmetic/multiply.h"

#include <numeric>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Multiply : public Operator {};

std::uint64_t floored(__int128 product, int fraction_bits) {
  return static_cast<std::uint64_t>(product >> fraction_bits);
}

__int128 number(std::uint64_t value) { return as_signed(value, 64); }

/// Signed numbers whose products stay within 64 bits.
Values factors(std::size_t n, unsigned seed) {
  return each(sample(n, 32, seed),
              [](auto value) { return static_cast<std::uint64_t>(as_signed(value, 32)); });
}

TEST_P(Multiply, FloorsProductsExactly) {
  for (const std::size_t n : edge_sizes) {
    const Values x = factors(n, 1), y = factors(n, 2);
    for (const int fraction_bits : {0, 1, 16, 40, 62}) {
      EXPECT_EQ(
          arith([&](Party& p) { return multiply(p.mpc(), p.input(x), p.input(y), fraction_bits); }),
          each(x, y,
               [=](auto a, auto b) { return floored(number(a) * number(b), fraction_bits); }));
    }
    EXPECT_EQ(arith([&](Party& p) { return square(p.mpc(), p.input(x), 16); }),
              each(x, [](auto a) { return floored(number(a) * number(a), 16); }));
  }
}

TEST_P(Multiply, WrapsWholeNumbers) {
  const Values x = sample(1003, 64, 3), y = sample(1003, 64, 4);
  EXPECT_EQ(arith([&](Party& p) { return multiply(p.mpc(), p.input(x), p.input(y), 0); }),
            each(x, y, [](auto a, auto b) { return a * b; }));
}

TEST_P(Multiply, RaisesToPublicPowers) {
  const Values x = sample(101, 64, 5);
  for (const unsigned exponent : {0u, 1u, 2u, 3u, 7u, 8u, 21u}) {
    EXPECT_EQ(arith([&](Party& p) { return power(p.mpc(), p.input(x), exponent, 0); }),
              each(x, [=](auto a) {
                std::uint64_t product = 1;
                for (unsigned i = 0; i < exponent; ++i) product *= a;
                return product;
              }));
  }
  // 1.5 in Q16, floored on the way: 1.5^6 = 11.390625 is exact there.
  EXPECT_EQ(arith([](Party& p) { return power(p.mpc(), p.input(Values{3 << 15}), 6, 16); }),
            Values{746496});
  EXPECT_EQ(arith([](Party& p) { return power(p.mpc(), p.input(Values{5}), 0, 16); }),
            Values{1 << 16});
}

TEST_P(Multiply, SumsProductsBeforeTheFloor) {
  for (const std::size_t n : edge_sizes) {
    const Values x = each(sample(n, 20, 6), [](auto a) { return a - (1 << 19); });
    const Values y = each(sample(n, 20, 7), [](auto a) { return a - (1 << 19); });
    __int128 sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += number(x[i]) * number(y[i]);
    for (const int fraction_bits : {0, 16}) {
      EXPECT_EQ(
          arith([&](Party& p) { return dot(p.mpc(), p.input(x), p.input(y), fraction_bits); }),
          Values{floored(sum, fraction_bits)});
    }
  }
}

POLDER_EVERY_PROTOCOL(Multiply);

}  // namespace
}  // namespace polder
