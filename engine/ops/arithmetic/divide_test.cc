#include "ops/arithmetic/divide.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Divide : public Operator {
 protected:
  struct Opened {
    Values value, defined;
  };
  Opened opened(const std::function<Quotient(Party&)>& work) {
    Opened result;
    run(GetParam(), [&](Party& party) {
      const Quotient quotient = work(party);
      const Words value = party.mpc().open(quotient.value, all_nodes);
      const Words defined = party.mpc().open(quotient.defined, all_nodes).rows();
      if (party.role() != 0) return;
      result.value.assign(value.begin(), value.end());
      result.defined.assign(defined.begin(), defined.end());
    });
    return result;
  }

  void expect_quotients(const Values& x, const Values& y, Sign sign) {
    const Opened quotient = opened(
        [&](Party& party) { return divide(party.mpc(), party.input(x), party.input(y), sign); });
    ASSERT_EQ(quotient.value.size(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(quotient.value[i], oracle(x[i], y[i], sign)) << x[i] << " / " << y[i];
      ASSERT_EQ(quotient.defined[i], y[i] != 0) << y[i];
    }
  }

  static std::uint64_t oracle(std::uint64_t x, std::uint64_t y, Sign sign) {
    if (y == 0) return 0;
    if (sign == Sign::without) return x / y;
    if (y == ~std::uint64_t{0}) return 0 - x;  // the least number by -1 included
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(x) / static_cast<std::int64_t>(y));
  }
};

constexpr Sign signs[] = {Sign::without, Sign::with};

/// 0, powers of two, their neighbours and their negatives.
Values edges() {
  Values values{0};
  for (int i = 0; i < 64; ++i) {
    const std::uint64_t power = std::uint64_t{1} << i;
    for (const std::uint64_t near : {power - 1, power, power + 1}) {
      values.push_back(near), values.push_back(0 - near);
    }
  }
  return values;
}

TEST_P(Divide, IsExactForEveryPairOfEdges) {
  const Values all = edges();
  Values x, y;
  for (const std::uint64_t dividend : all) {
    for (const std::uint64_t divisor : all) x.push_back(dividend), y.push_back(divisor);
  }
  for (const Sign sign : signs) expect_quotients(x, y, sign);
}

TEST_P(Divide, IsExactForEverySize) {
  for (const std::size_t n : edge_sizes) {
    for (const Sign sign : signs) expect_quotients(spread_sample(n, 1), spread_sample(n, 2), sign);
  }
}

TEST_P(Divide, IsExactNextToMultiplesOfTheDivisor) {
  const std::size_t n = 100003;
  const Values divisor = spread_sample(n, 3), factor = spread_sample(n, 4);
  Values dividend(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t y = divisor[i] == 0 ? 1 : divisor[i];
    const std::uint64_t most = ~std::uint64_t{0} / y;
    const std::uint64_t times = most == ~std::uint64_t{0} ? factor[i] : factor[i] % (most + 1);
    dividend[i] = y * times + i % 3 - 1;
  }
  for (const Sign sign : signs) expect_quotients(dividend, divisor, sign);
}

TEST_P(Divide, IsExactForSmallDivisorsOfGreatNumbers) {
  Values x, y;
  for (std::uint64_t divisor = 1; divisor < 300; ++divisor) {
    for (std::uint64_t less = 0; less < 100; ++less) {
      x.push_back(~std::uint64_t{0} - less), y.push_back(divisor);
      x.push_back((std::uint64_t{1} << 63) + 50 - less), y.push_back(divisor);
    }
  }
  for (const Sign sign : signs) expect_quotients(x, y, sign);
}

TEST_P(Divide, CutsFixedPointTowardsZero) {
  for (const int fraction_bits : {0, 1, 16, 31, 40, 62}) {
    const int whole_bits = 64 - fraction_bits;
    Values x = spread_sample(1003, 5), y = spread_sample(1003, 6);
    for (auto& value : x) value = static_cast<std::uint64_t>(as_signed(value, whole_bits));
    const Opened quotient = opened([&](Party& party) {
      return divide_fixed(party.mpc(), party.input(x), party.input(y), fraction_bits);
    });
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(quotient.value[i], oracle(x[i] << fraction_bits, y[i], Sign::with));
    }
  }
}

TEST_P(Divide, GivesReciprocals) {
  for (const int fraction_bits : {0, 16, 31}) {
    const Values x = spread_sample(1003, 7);
    const Opened quotient = opened(
        [&](Party& party) { return reciprocal(party.mpc(), party.input(x), fraction_bits); });
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(quotient.value[i], oracle(std::uint64_t{1} << 2 * fraction_bits, x[i], Sign::with));
    }
  }
}

POLDER_EVERY_PROTOCOL(Divide);

}  // namespace
}  // namespace polder
