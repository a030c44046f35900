#include "ml/scaled_features.h"

#include "ml/dense_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Scaled : public Operator {};

TEST_P(Scaled, AreTheDistancesFromTheMeanInPartsOfTheLargest) {
  const std::vector<Feature> features{
      {-500'000, 10'000'000, 100, 0}, {0, 1, 1, 0}, {7, 0, 1, 0}, {0, 1000, 100, 5}};
  const std::size_t d = features.size();
  for (const std::size_t n : {0, 1, 2, 37, 1003}) {
    std::mt19937_64 draw(n);
    Values x(d * n), counts(n);
    for (std::size_t i = 0; i < n; ++i) {
      counts[i] = draw() % 4 != 0;
      const bool counted = counts[i] == 1;
      x[i] = counted
                 ? static_cast<std::uint64_t>(-300'000 + static_cast<std::int64_t>(draw() % 90'000))
                 : draw();
      x[n + i] = draw() % 2;
      x[2 * n + i] = 7;
      x[3 * n + i] = 500 + draw() % 3;
    }
    std::uint64_t count = 0;
    for (const std::uint64_t one : counts) count += one;
    Values z, centre, power;
    int width = 0;
    run(GetParam(), [&](Party& party) {
      const ScaledFeatures of = scaled_features(party.mpc(), features, party.input(x),
                                                party.input(counts), party.input({{count}}));
      const Values all[] = {opened(party, of.z), opened(party, of.centre), opened(party, of.power)};
      if (party.role() == 0) z = all[0], centre = all[1], power = all[2], width = of.width;
    });
    ASSERT_EQ(width, 24);
    for (std::size_t j = 0; j < d; ++j) {
      double sum = 0;
      std::int64_t farthest = 0;
      const std::int64_t middle = as_signed(centre[j], 64);
      for (std::size_t i = 0; i < n; ++i) {
        if (counts[i] == 0) continue;
        const std::int64_t away = as_signed(x[j * n + i], 64) - middle;
        sum += static_cast<double>(away);
        farthest = std::max(farthest, away < 0 ? -away - 1 : away);
      }
      EXPECT_LE(std::abs(sum), 0.5 * static_cast<double>(count)) << n << ", " << j;
      int reach = features[j].min_reach;
      while (std::int64_t{1} << reach <= farthest) ++reach;
      ASSERT_EQ(power[j], std::uint64_t{1} << (width - reach)) << n << ", " << j;
      for (std::size_t i = 0; i < n; ++i) {
        const std::int64_t away = as_signed(x[j * n + i], 64) - middle;
        const double expected = counts[i] == 0 ? 0 : std::ldexp(static_cast<double>(away), -reach);
        ASSERT_NEAR(decoded({z[j * n + i]}, 20)[0], expected, std::ldexp(1, -21));
      }
    }
  }
}

POLDER_EVERY_PROTOCOL(Scaled);

}  // namespace
}  // namespace polder
