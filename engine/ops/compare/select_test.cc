#include "ops/compare/select.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Select : public Operator {};

Values chosen(const Values& flag, const Values& x, const Values& y) {
  Values expected(flag.size());
  for (std::size_t i = 0; i < flag.size(); ++i) expected[i] = flag[i] != 0 ? x[i] : y[i];
  return expected;
}

TEST_P(Select, TakesTheFirstWhereTheFlagIsSet) {
  for (const std::size_t n : edge_sizes) {
    const Values flag = sample(n, 1, 1);
    for (const int width : {1, 13, 64}) {
      const Values x = sample(n, width, 2), y = sample(n, width, 3);
      EXPECT_EQ(bits([&](Party& p) {
                  return select(p.mpc(), p.input_bits(flag, 1), p.input_bits(x, width),
                                p.input_bits(y, width));
                }),
                chosen(flag, x, y));
    }
    const Values x = sample(n, 64, 4), y = sample(n, 64, 5);
    EXPECT_EQ(arith([&](Party& p) {
                return select(p.mpc(), p.input_bits(flag, 1), p.input(x), p.input(y));
              }),
              chosen(flag, x, y));
    EXPECT_EQ(
        arith([&](Party& p) { return select(p.mpc(), p.input(flag), p.input(x), p.input(y)); }),
        chosen(flag, x, y));
  }
}

POLDER_EVERY_PROTOCOL(Select);

}  // namespace
}  // namespace polder
