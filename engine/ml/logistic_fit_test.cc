#include "ml/logistic_fit.h"

#include <bit>

#include "ml/dense_fixture.h"

namespace polder {
namespace {

using namespace testing;

struct Rows {
  std::size_t d, n;
  Doubles z;  // [d, n]; rows that do not count are 0
  Values labels;
  std::size_t count = 0;
};

/// Labels drawn with the chances that coefficients of `strength` give.
Rows drawn(std::size_t d, std::size_t n, double strength, unsigned seed) {
  std::mt19937_64 draw(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  Rows rows{d, n, Doubles(d * n, 0), Values(n, 0)};
  for (std::size_t i = 0; i < n; ++i) {
    if (draw() % 5 == 0) {
      rows.labels[i] = draw();  // left out
      continue;
    }
    ++rows.count;
    double predictor = 0;
    for (std::size_t j = 0; j < d; ++j) {
      const double z =
          j == 0 ? 1 : std::ldexp(std::round(std::ldexp(uniform(draw) * 2 - 1, 20)), -20);
      rows.z[j * n + i] = z;
      predictor += strength * (j % 2 == 0 ? z : -z);
    }
    rows.labels[i] = uniform(draw) < 1 / (1 + std::exp(-predictor));
  }
  return rows;
}

/// The minimum in doubles: Newton's method with steps halved until the loss falls.
Doubles minimum(const Rows& rows, double ridge) {
  const std::size_t d = rows.d, n = rows.n;
  const auto loss = [&](const Doubles& w) {
    double sum = 0;
    for (std::size_t j = 1; j < d; ++j) sum += ridge / 2 * w[j] * w[j];
    for (std::size_t i = 0; i < n; ++i) {
      double eta = 0;
      for (std::size_t j = 0; j < d; ++j) eta += w[j] * rows.z[j * n + i];
      if (rows.z[i] != 0) sum += std::log1p(std::exp(rows.labels[i] == 1 ? -eta : eta));
    }
    return sum;
  };
  Doubles w(d, 0);
  for (int step = 0; step < 60; ++step) {
    Doubles g(d, 0), h(d * d, 0);
    for (std::size_t j = 1; j < d; ++j) g[j] = -ridge * w[j], h[j * d + j] = ridge;
    for (std::size_t i = 0; i < n; ++i) {
      if (rows.z[i] == 0) continue;
      double eta = 0;
      for (std::size_t j = 0; j < d; ++j) eta += w[j] * rows.z[j * n + i];
      const double p = 1 / (1 + std::exp(-eta));
      for (std::size_t j = 0; j < d; ++j) {
        g[j] += (static_cast<double>(rows.labels[i]) - p) * rows.z[j * n + i];
        for (std::size_t k = 0; k < d; ++k)
          h[j * d + k] += p * (1 - p) * rows.z[j * n + i] * rows.z[k * n + i];
      }
    }
    const Doubles step_ahead = solved(h, g);
    for (double part = 1; part > 1e-9; part /= 2) {
      Doubles next = w;
      for (std::size_t j = 0; j < d; ++j) next[j] += part * step_ahead[j];
      if (loss(next) > loss(w)) continue;
      w = next;
      break;
    }
  }
  return w;
}

class LogisticFitting : public Operator {
 protected:
  struct Fitted {
    Doubles w;
    bool converged;
  };
  Fitted fit(const Rows& rows, double ridge, int steps) {
    Fitted fitted;
    const int width = std::max(1, static_cast<int>(std::bit_width(rows.n)));
    const int bits_of_count = static_cast<int>(std::bit_width(rows.count));
    Doubles ridges(rows.d, ridge);
    ridges[0] = 0;
    run(GetParam(), [&](Party& party) {
      const LabelledRows labelled{party.input(encoded(rows.z, 20)), party.input(rows.labels),
                                  party.input({{std::uint64_t{1} << (width - bits_of_count)}}),
                                  width};
      const LogisticFit of = logistic_fit(
          party.mpc(), labelled, party.input(encoded(ridges, LogisticFit::ridge_bits)), steps);
      const Values w = opened(party, of.coefficients), converged = opened(party, of.converged);
      if (party.role() == 0) fitted = {decoded(w, 24), converged.at(0) == 1};
    });
    return fitted;
  }
};

TEST_P(LogisticFitting, IsTheMinimum) {
  struct Case {
    std::size_t d, n;
    double strength, ridge;
  };
  for (const auto& [d, n, strength, ridge] :
       {Case{2, 60, 1, 1}, Case{4, 1003, 2, 1}, Case{4, 1003, 2, 0}, Case{7, 700, 5, 0.01},
        Case{3, 5, 1, 0.5}, Case{2, 2, 1, 1}}) {
    const Rows rows = drawn(d, n, strength, static_cast<unsigned>(n));
    const Fitted got = fit(rows, ridge, 14);
    EXPECT_TRUE(got.converged) << d << ", " << n;
    const Doubles expected = minimum(rows, ridge);
    for (std::size_t j = 0; j < d; ++j)
      EXPECT_NEAR(got.w[j], expected[j], std::ldexp(1, -17)) << d << ", " << n << ": " << j;
  }
}

TEST_P(LogisticFitting, OfNoRowsIsZero) {
  for (const std::size_t n : {0, 3}) {
    const Fitted got = fit({2, n, Doubles(2 * n, 0), Values(n, 77)}, 1, 3);
    EXPECT_EQ(got.w, (Doubles{0, 0}));
  }
}

TEST_P(LogisticFitting, SaysThatItDidNotArrive) {
  Rows rows{2, 40, Doubles(80, 1), Values(40), 40};
  for (std::size_t i = 0; i < 40; ++i) {
    rows.z[40 + i] = i < 20 ? -0.5 : 0.5;
    rows.labels[i] = i >= 20;
  }
  EXPECT_FALSE(fit(rows, 0, 10).converged);  // nothing stops the coefficients
  EXPECT_TRUE(fit(rows, 1, 10).converged);
  EXPECT_FALSE(fit(rows, 1, 2).converged);
}

POLDER_EVERY_PROTOCOL(LogisticFitting);

}  // namespace
}  // namespace polder
