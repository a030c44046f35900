#include "ops/arithmetic/convert.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Convert : public Operator {};

TEST_P(Convert, ReadsBitsAsNumbers) {
  for (const int width : {1, 2, 7, 12, 13, 33, 63, 64}) {
    for (const std::size_t n : edge_sizes) {
      const Values x = sample(n, width, 1);
      EXPECT_EQ(arith([&](Party& p) { return to_arith(p.mpc(), p.input_bits(x, width)); }), x)
          << n << " rows of " << width;
      EXPECT_EQ(
          arith([&](Party& p) { return to_arith(p.mpc(), p.input_bits(x, width), Sign::with); }),
          each(x, [=](auto a) { return as_signed(a, width); }))
          << n << " rows of " << width;
    }
  }
}

TEST_P(Convert, TakesTheLowBitsOfNumbers) {
  for (const int width : {1, 2, 20, 64}) {
    for (const std::size_t n : edge_sizes) {
      const Values x = sample(n, 64, 2);
      EXPECT_EQ(bits([&](Party& p) { return to_bits(p.mpc(), p.input(x), width); }),
                each(x, [=](auto a) { return a & low_bits(static_cast<std::size_t>(width)); }));
    }
  }
}

TEST_P(Convert, ComesBack) {
  const Values x = sample(1003, 64, 3);
  EXPECT_EQ(arith([&](Party& p) { return to_arith(p.mpc(), to_bits(p.mpc(), p.input(x), 64)); }),
            x);
}

TEST_P(Convert, ResizesUnsignedAndSigned) {
  for (const int width : {1, 5, 60}) {
    const Values x = sample(1003, width, 4);
    for (const int to : {1, 3, 5, 60, 64}) {
      const std::uint64_t kept = low_bits(static_cast<std::size_t>(to));
      EXPECT_EQ(bits([&](Party& p) { return resize(p.mpc(), p.input_bits(x, width), to); }),
                each(x, [=](auto a) { return a & kept; }));
      EXPECT_EQ(
          bits([&](Party& p) { return resize(p.mpc(), p.input_bits(x, width), to, Sign::with); }),
          each(x, [=](auto a) { return static_cast<std::uint64_t>(as_signed(a, width)) & kept; }));
    }
  }
}

POLDER_EVERY_PROTOCOL(Convert);

}  // namespace
}  // namespace polder
