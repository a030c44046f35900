#include "crypto/prime_field.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace polder {
namespace {

constexpr std::uint64_t p = (std::uint64_t{1} << 61) - 1;

std::vector<std::uint64_t> values() {
  std::vector<std::uint64_t> all{0, 1, 2, p / 2, p / 2 + 1, p - 2, p - 1, std::uint64_t{1} << 60};
  std::mt19937_64 draw(1);
  for (int i = 0; i < 100; ++i) all.push_back(draw() % p);
  return all;
}

/// The oracle: 128-bit remainders.
std::uint64_t remainder(unsigned __int128 number) { return static_cast<std::uint64_t>(number % p); }

TEST(PrimeField, AgreesWithRemainders) {
  for (const std::uint64_t a : values()) {
    for (const std::uint64_t b : values()) {
      const Element x{a}, y{b};
      ASSERT_EQ((x + y).value, remainder(static_cast<unsigned __int128>(a) + b));
      ASSERT_EQ((x - y).value, remainder(static_cast<unsigned __int128>(a) + p - b));
      ASSERT_EQ((x * y).value, remainder(static_cast<unsigned __int128>(a) * b));
    }
  }
}

TEST(PrimeField, TakesAnyNumber) {
  for (const std::uint64_t a : {p, p + 1, 2 * p, 2 * p + 1, 7 * p, ~std::uint64_t{0}}) {
    EXPECT_EQ(Element::of(a).value, a % p) << a;
  }
}

TEST(PrimeField, OfTwoRandomWordsTheSecondStandsInForThePrime) {
  const std::uint64_t high_bits = ~p;
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{1}, p - 1}) {
    EXPECT_EQ(Element::of_random(number | high_bits, p).value, number);
    EXPECT_EQ(Element::of_random(number, 5).value, number);
    EXPECT_EQ(Element::of_random(p | high_bits, number | high_bits).value, number);
  }
  EXPECT_EQ(Element::of_random(p, p).value, 0u);
}

TEST(PrimeField, InverseTimesNumberIsOne) {
  for (const std::uint64_t a : values()) {
    if (a == 0) continue;
    ASSERT_EQ(Element{a} * inverse({a}), Element{1}) << a;
  }
}

TEST(PrimeField, KnownAnswers) {
  EXPECT_EQ(power({3}, 60).value, 1075700616223464743u);  // 3^60 mod 2^61 - 1, by Python's pow
  EXPECT_EQ(inverse({7}).value, 1976436865040309101u);
  EXPECT_EQ(power({2}, 61), Element{1});
}

TEST(PrimeField, RefusesWhatNoPeerShouldSend) {
  EXPECT_NO_THROW(check_received(Elements{{0}, {p - 1}}));
  for (const std::uint64_t wrong : {p, p + 1, std::uint64_t{1} << 61, ~std::uint64_t{0}}) {
    try {
      check_received(Elements{{1}, {wrong}, {2}});
      FAIL() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::cheating);
    }
  }
}

}  // namespace
}  // namespace polder
