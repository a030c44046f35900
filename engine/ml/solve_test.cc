#include "ml/solve.h"

#include "ml/dense_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Solve : public Operator {
 protected:
  struct Solved {
    Doubles x;
    bool small;
  };
  Solved solve(const Doubles& a, const Doubles& b) {
    Solved solved;
    run(GetParam(), [&](Party& party) {
      const Solution of =
          solve_damped(party.mpc(), party.input(encoded(a, 28)), party.input(encoded(b, 32)));
      const Values x = opened(party, of.x), small = opened(party, of.small);
      if (party.role() == 0) solved = {decoded(x, 24), small.at(0) == 1};
    });
    return solved;
  }
};

/// A Gram matrix of random rows, whose columns have sizes from 1 to 1 / 50.
Doubles gram(std::size_t d, unsigned seed) {
  std::mt19937_64 draw(seed);
  std::normal_distribution<double> normal;
  Doubles a(d * d, 0);
  const std::size_t rows = 4 * d;
  for (std::size_t row = 0; row < rows; ++row) {
    Doubles x(d);
    for (std::size_t i = 0; i < d; ++i)
      x[i] = normal(draw) / (1 + 49 * static_cast<double>(i) / static_cast<double>(d));
    for (std::size_t i = 0; i < d * d; ++i)
      a[i] += x[i / d] * x[i % d] / static_cast<double>(2 * rows);
  }
  return a;
}

/// As solve.h says: A's diagonal and 2^-12 of the power of four above it.
Doubles damped(Doubles a, std::size_t d) {
  for (std::size_t i = 0; i < d; ++i) {
    double power = std::ldexp(1, 2);
    while (power / 4 > a[i * d + i] && power > std::ldexp(1, -28)) power /= 4;
    a[i * d + i] += std::ldexp(power, -12);
  }
  return a;
}

TEST_P(Solve, GivesTheDampedAnswer) {
  for (const std::size_t d : {1, 2, 5, 12}) {
    const Doubles a = gram(d, static_cast<unsigned>(d));
    Doubles b(d);
    for (std::size_t i = 0; i < d; ++i) b[i] = std::ldexp(a[i * d + i] * (i % 2 == 0 ? 1 : -1), -6);
    const Solved got = solve(a, b);
    const Doubles expected = solved(damped(a, d), b);
    for (std::size_t i = 0; i < d; ++i) {
      EXPECT_NEAR(got.x[i], expected[i], 1e-4 * std::max(1.0, std::abs(expected[i])))
          << d << ": " << i;
    }
  }
}

TEST_P(Solve, TellsLargeRightSidesFromSmall) {
  const Doubles a = gram(3, 9);
  EXPECT_TRUE(solve(a, {1e-5, -1e-5, 1e-6}).small);
  EXPECT_FALSE(solve(a, {0.5, 0, 0}).small);
}

TEST_P(Solve, LeavesAnEmptyRowAt0) {
  const Solved got = solve({0.25, 0, 0, 0}, {1e-4, 0});
  EXPECT_NEAR(got.x[0], 4e-4, 1e-6);
  EXPECT_EQ(got.x[1], 0);
}

POLDER_EVERY_PROTOCOL(Solve);

}  // namespace
}  // namespace polder
