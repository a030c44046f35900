#include "ops/arithmetic/add_bits.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class AddBits : public Operator {};

TEST_P(AddBits, AddsAndSubtractsModuloEveryWidth) {
  for (const int width : {1, 2, 3, 4, 7, 8, 33, 63, 64}) {
    for (const std::size_t n : edge_sizes) {
      const Values x = sample(n, width, 1), y = sample(n, width, 2);
      const std::uint64_t top = low_bits(static_cast<std::size_t>(width));
      EXPECT_EQ(bits([&](Party& p) {
                  return add_bits(p.mpc(), p.input_bits(x, width), p.input_bits(y, width));
                }),
                each(x, y, [=](auto a, auto b) { return (a + b) & top; }))
          << n << " rows of " << width;
      EXPECT_EQ(bits([&](Party& p) {
                  return subtract_bits(p.mpc(), p.input_bits(x, width), p.input_bits(y, width));
                }),
                each(x, y, [=](auto a, auto b) { return (a - b) & top; }))
          << n << " rows of " << width;
      EXPECT_EQ(bits([&](Party& p) { return negate_bits(p.mpc(), p.input_bits(x, width)); }),
                each(x, [=](auto a) { return (0 - a) & top; }))
          << n << " rows of " << width;
    }
  }
}

TEST_P(AddBits, KeepsTheCarry) {
  for (const int width : {1, 2, 5, 63}) {
    const Values x = sample(1003, width, 3), y = sample(1003, width, 4);
    EXPECT_EQ(bits([&](Party& p) {
                return add_bits_with_carry(p.mpc(), p.input_bits(x, width), p.input_bits(y, width));
              }),
              each(x, y, [](auto a, auto b) { return a + b; }));
  }
  const Values x = sample(1003, 64, 5), y = sample(1003, 64, 6);
  EXPECT_EQ(bits([&](Party& p) {
              const Bits sum =
                  add_bits_with_carry(p.mpc(), p.input_bits(x, 64), p.input_bits(y, 64));
              EXPECT_EQ(sum.width(), 65);
              return bit(sum, 64);
            }),
            each(x, y, [](auto a, auto b) { return a + b < a; }));
}

TEST_P(AddBits, CarriesThroughEveryBit) {
  const Values x(3, ~std::uint64_t{0}), y{1, 0, ~std::uint64_t{0}};
  EXPECT_EQ(
      bits([&](Party& p) { return add_bits(p.mpc(), p.input_bits(x, 64), p.input_bits(y, 64)); }),
      (Values{0, ~std::uint64_t{0}, ~std::uint64_t{1}}));
}

TEST_P(AddBits, AddsRowsWiderThanAWord) {
  const Values x{~std::uint64_t{0}, 5, 7, 1}, y{1, 2, ~std::uint64_t{0}, 62};  // two rows of 70
  EXPECT_EQ(bits([&](Party& p) {
              return add_bits(p.mpc(), p.input_bits(x, 2, 70), p.input_bits(y, 2, 70));
            }),
            (Values{0, 8, 6, 0}));
}

POLDER_EVERY_PROTOCOL(AddBits);

}  // namespace
}  // namespace polder
