#include "ops/arithmetic/weighted_sum.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class WeightedSum : public Operator {};

TEST_P(WeightedSum, AddsWeightedRowsOfSeveralColumns) {
  for (const std::size_t n : edge_sizes) {
    const Values x = sample(n, 64, 1), y = sample(2 * n, 64, 2);
    Values expected;
    for (std::size_t i = 0; i < n; ++i) expected.push_back(3 * x[i] - y[n + i]);
    for (std::size_t i = 0; i < n; ++i) expected.push_back(y[i] << 63);
    EXPECT_EQ(arith([&](Party& party) {
                const Arith a = party.input(x), b = party.input(y);
                return weighted_sums(
                    n, {{{&a, 3}, {&b, ~std::uint64_t{0}, n}}, {{&b, std::uint64_t{1} << 63}}});
              }),
              expected);
    EXPECT_EQ(arith([&](Party& party) {
                const Arith a = party.input(x);
                return weighted_sum(n, {{&a}, {&a, 4}});
              }),
              each(x, [](auto value) { return 5 * value; }));
  }
}

POLDER_EVERY_PROTOCOL(WeightedSum);

}  // namespace
}  // namespace polder
