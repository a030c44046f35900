#include "ops/compare/logic.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Logic : public Operator {};

TEST_P(Logic, OrsBitByBit) {
  for (const std::size_t n : edge_sizes) {
    const Values x = sample(n, 9, 1), y = sample(n, 9, 2), flag = sample(n, 1, 3);
    EXPECT_EQ(
        bits([&](Party& p) { return bit_or(p.mpc(), p.input_bits(x, 9), p.input_bits(y, 9)); }),
        each(x, y, [](auto a, auto b) { return a | b; }));
    EXPECT_EQ(
        bits([&](Party& p) { return bit_or(p.mpc(), p.input_bits(x, 9), p.input_bits(flag, 1)); }),
        each(x, flag, [](auto a, auto b) { return a | b * 0x1ff; }));
  }
}

TEST_P(Logic, AndsAllRows) {
  for (const std::size_t n : {0, 1, 2, 3, 64, 1001, 70001}) {
    for (const std::size_t unset : {n, std::size_t{0}, n / 2, n - 1}) {
      Values x(n, 7);
      if (unset < n) x[unset] = 5;
      EXPECT_EQ(bits([&](Party& p) { return all(p.mpc(), p.input_bits(x, 3)); }),
                Values{unset < n ? 5u : 7u});
    }
  }
}

POLDER_EVERY_PROTOCOL(Logic);

}  // namespace
}  // namespace polder
