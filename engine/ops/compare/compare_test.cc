#include "ops/compare/compare.h"

#include "base/error.h"
#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Compare : public Operator {};

Values with_ties(Values y, const Values& x) {
  for (std::size_t i = 0; i < x.size(); i += 4) y[i] = x[i];
  return y;
}

TEST_P(Compare, OrdersBitsOfEveryWidthAndSign) {
  for (const int width : {1, 2, 3, 8, 31, 63, 64}) {
    for (const std::size_t n : edge_sizes) {
      const Values x = sample(n, width, 1), y = with_ties(sample(n, width, 2), x);
      const auto columns = [&](Party& party) {
        return std::pair(party.input_bits(x, width), party.input_bits(y, width));
      };
      const auto expect = [&](auto&& oracle, auto&& compare, Sign sign) {
        EXPECT_EQ(bits([&](Party& party) {
                    const auto [a, b] = columns(party);
                    return compare(party.mpc(), a, b, sign);
                  }),
                  each(x, y, oracle))
            << n << " rows of " << width;
      };
      const auto number = [&](std::uint64_t value) { return as_signed(value, width); };
      const auto less = [](auto&&... all) { return less_than(all...); };
      const auto at_most = [](auto&&... all) { return less_equal(all...); };
      expect([](auto a, auto b) { return a < b; }, less, Sign::without);
      expect([](auto a, auto b) { return a <= b; }, at_most, Sign::without);
      expect([&](auto a, auto b) { return number(a) < number(b); }, less, Sign::with);
      expect([&](auto a, auto b) { return number(a) <= number(b); }, at_most, Sign::with);
    }
  }
}

TEST_P(Compare, TakesAPublicOperandOnEitherSide) {
  for (const int width : {1, 7, 64}) {
    const Values x = sample(1003, width, 3);
    for (const std::uint64_t y : {std::uint64_t{0}, std::uint64_t{1}, x[3], x[4],
                                  low_bits(static_cast<std::size_t>(width))}) {
      const auto number = [&](std::uint64_t value) { return as_signed(value, width); };
      const auto secret = [&](Party& party) { return party.input_bits(x, width); };
      EXPECT_EQ(bits([&](Party& p) { return less_than(p.mpc(), secret(p), y); }),
                each(x, [&](auto a) { return a < y; }));
      EXPECT_EQ(bits([&](Party& p) { return less_than(p.mpc(), y, secret(p)); }),
                each(x, [&](auto a) { return y < a; }));
      EXPECT_EQ(bits([&](Party& p) { return less_equal(p.mpc(), secret(p), y); }),
                each(x, [&](auto a) { return a <= y; }));
      EXPECT_EQ(bits([&](Party& p) { return less_equal(p.mpc(), y, secret(p)); }),
                each(x, [&](auto a) { return y <= a; }));
      EXPECT_EQ(bits([&](Party& p) { return less_than(p.mpc(), secret(p), y, Sign::with); }),
                each(x, [&](auto a) { return number(a) < number(y); }));
      EXPECT_EQ(bits([&](Party& p) { return less_than(p.mpc(), y, secret(p), Sign::with); }),
                each(x, [&](auto a) { return number(y) < number(a); }));
      EXPECT_EQ(bits([&](Party& p) { return equal(p.mpc(), secret(p), y); }),
                each(x, [&](auto a) { return a == y; }));
    }
  }
}

TEST_P(Compare, TakesMinusOneAsAPublicSignedOperand) {
  const Values x = sample(100, 5, 4);
  EXPECT_EQ(bits([&](Party& party) {
              return less_than(party.mpc(), party.input_bits(x, 5), ~std::uint64_t{0}, Sign::with);
            }),
            each(x, [](auto a) { return as_signed(a, 5) < -1; }));
}

TEST_P(Compare, RefusesAPublicOperandThatDoesNotFit) {
  run(GetParam(), [](Party& party) {
    const Bits x = party.input_bits(Values{1, 2}, 4);
    EXPECT_THROW(less_than(party.mpc(), x, 16), Error);
  });
}

TEST_P(Compare, FindsZeros) {
  for (const int width : {1, 2, 9, 64}) {
    for (const std::size_t n : edge_sizes) {
      const Values x = sample(n, width, 5);
      EXPECT_EQ(bits([&](Party& p) { return is_zero(p.mpc(), p.input_bits(x, width)); }),
                each(x, [](auto a) { return a == 0; }));
    }
  }
  EXPECT_EQ(bits([](Party& p) { return is_zero(p.mpc(), p.input_bits(Values{}, 3, 0)); }),
            Values(3, 1));
}

TEST_P(Compare, OrdersNumbersEvenWhereTheirDifferenceOverflows) {
  for (const std::size_t n : edge_sizes) {
    const Values x = spread_sample(n, 6), y = with_ties(spread_sample(n, 7), x);
    const auto expect = [&](auto&& oracle, Sign sign) {
      EXPECT_EQ(bits([&](Party& party) {
                  return less_than(party.mpc(), party.input(x), party.input(y), sign);
                }),
                each(x, y, oracle));
    };
    expect([](auto a, auto b) { return a < b; }, Sign::without);
    expect([](auto a, auto b) { return as_signed(a, 64) < as_signed(b, 64); }, Sign::with);
    EXPECT_EQ(bits([&](Party& p) { return equal(p.mpc(), p.input(x), p.input(y)); }),
              each(x, y, [](auto a, auto b) { return a == b; }));
    EXPECT_EQ(bits([&](Party& p) { return is_zero(p.mpc(), p.input(x)); }),
              each(x, [](auto a) { return a == 0; }));
    EXPECT_EQ(bits([&](Party& p) { return is_negative(p.mpc(), p.input(x)); }),
              each(x, [](auto a) { return a >> 63; }));
  }
}

TEST_P(Compare, OrdersNumbersByAPublicOne) {
  const Values x = sample(1003, 64, 8);
  for (const std::uint64_t y : {std::uint64_t{0}, std::uint64_t{1}, x[4], ~std::uint64_t{0},
                                std::uint64_t{1} << 63, ~std::uint64_t{0} >> 1}) {
    EXPECT_EQ(bits([&](Party& p) { return less_than(p.mpc(), p.input(x), y, Sign::without); }),
              each(x, [&](auto a) { return a < y; }));
    EXPECT_EQ(bits([&](Party& p) { return less_than(p.mpc(), p.input(x), y, Sign::with); }),
              each(x, [&](auto a) { return as_signed(a, 64) < as_signed(y, 64); }));
  }
}

POLDER_EVERY_PROTOCOL(Compare);

}  // namespace
}  // namespace polder
