#include "crypto/paillier/montgomery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "crypto/paillier/fixed_base.h"

namespace polder {
namespace {

// The oracle: GMP's own plain arithmetic.
Integer power_of(const Integer& x, const Integer& exponent, const Integer& n) {
  Integer out;
  mpz_powm(out.get_mpz_t(), x.get_mpz_t(), exponent.get_mpz_t(), n.get_mpz_t());
  return out;
}

Integer odd_number(int bits) {
  Integer n = random_bits(bits);
  mpz_setbit(n.get_mpz_t(), 0);
  mpz_setbit(n.get_mpz_t(), static_cast<mp_bitcnt_t>(bits - 1));
  return n;
}

// Numbers at the edges and in between.
std::vector<Integer> numbers(const Integer& n, std::size_t count) {
  std::vector<Integer> all{0, 1, n - 1, n - 2, n / 2};
  while (all.size() < count) all.push_back(random_below(n));
  all.resize(count);
  return all;
}

Words together(const Modulus& n, const std::vector<Integer>& all) {
  Words words;
  for (const Integer& x : all) {
    const Words one = n.enter(x);
    words.insert(words.end(), one.begin(), one.end());
  }
  return words;
}

Integer at(const Modulus& n, const Words& words, std::size_t i) {
  return n.leave({&words[i * n.words()], n.words()});
}

constexpr Multiplier multipliers[] = {Multiplier::best, Multiplier::portable};
constexpr int sizes[] = {65, 128, 127, 500, 512, 1024, 2048, 3072, 4096, 6144};

TEST(Modulus, MultipliesAsGmpDoes) {
  for (const int bits : sizes) {
    for (const Integer& n : {odd_number(bits), Integer((Integer(1) << bits) - 1)})
      for (const Multiplier multiplier : multipliers) {
        const Modulus modulus(n, multiplier);
        for (const std::size_t count : {0U, 1U, 2U, 7U, 8U, 9U, 25U}) {
          const auto a = numbers(n, count);
          auto b = numbers(n, count);
          std::ranges::reverse(b);
          Words x = together(modulus, a), y = together(modulus, b);
          modulus.multiply(x.data(), y.data(), x.data(), count);
          EXPECT_TRUE(modulus.holds(x.data(), count));
          Integer product = 1;
          for (std::size_t i = 0; i < count; ++i) {
            EXPECT_EQ(at(modulus, x, i), a[i] * b[i] % n) << bits << " bits, number " << i;
            product = product * a[i] * b[i] % n;
          }
          EXPECT_EQ(modulus.leave(modulus.product(x.data(), count)), product);
        }
      }
  }
}

TEST(Modulus, SquaresAndPowersAsGmpDoes) {
  for (const int bits : {65, 512, 2048, 3072, 4096}) {
    for (const Multiplier multiplier : multipliers) {
      const Integer n = odd_number(bits);
      const Modulus modulus(n, multiplier);
      const auto a = numbers(n, 11);
      for (const int times : {0, 1, 2, 61}) {
        Words x = together(modulus, a);
        modulus.square(x.data(), times, a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
          EXPECT_EQ(at(modulus, x, i), power_of(a[i], Integer(1) << times, n)) << times;
        }
      }
      for (const Integer& exponent : {Integer(0), Integer(1), random_bits(256), random_bits(320)}) {
        Words x = together(modulus, a), e(5);
        to_words(exponent, e);
        modulus.power(x.data(), e, x.data(), a.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
          EXPECT_EQ(at(modulus, x, i), power_of(a[i], exponent, n)) << exponent;
        }
      }
    }
  }
}

TEST(Modulus, PowersToExponentsOfTheirOwnAsGmpDoes) {
  for (const Multiplier multiplier : multipliers) {
    const Integer n = odd_number(2048);
    const Modulus modulus(n, multiplier);
    const auto a = numbers(n, 11), exponents = numbers(Integer(1) << 256, 11);
    Words x = together(modulus, a), e(11 * 4);
    for (std::size_t i = 0; i < 11; ++i) to_words(exponents[i], {&e[4 * i], 4});
    modulus.powers(x.data(), e.data(), 4, x.data(), 11);
    for (std::size_t i = 0; i < 11; ++i) {
      EXPECT_EQ(at(modulus, x, i), power_of(a[i], exponents[i], n));
    }
  }
}

TEST(FixedBase, PowersAsGmpDoes) {
  for (const int bits : {65, 512, 2048, 4096}) {
    const Integer n = odd_number(bits), base = random_below(n), factor = random_below(n);
    for (const Multiplier multiplier : multipliers) {
      const Modulus modulus(n, multiplier);
      for (const int exponent_bits : {64, 256, 320}) {
        const FixedBase fixed(modulus,
                              {.base = base, .factor = factor, .exponent_bits = exponent_bits});
        std::vector<Integer> exponents{0, 1, (Integer(1) << exponent_bits) - 1};
        while (exponents.size() < 18) exponents.push_back(random_bits(exponent_bits));
        Words words(exponents.size() * fixed.exponent_words()),
            out(exponents.size() * modulus.words());
        for (std::size_t i = 0; i < exponents.size(); ++i) {
          to_words(exponents[i], {&words[i * fixed.exponent_words()], fixed.exponent_words()});
        }
        fixed.power(words.data(), out.data(), exponents.size());
        for (std::size_t i = 0; i < exponents.size(); ++i) {
          EXPECT_EQ(at(modulus, out, i), factor * power_of(base, exponents[i], n) % n);
        }
      }
    }
  }
}

TEST(Modulus, KnowsWhatIsOutOfRange) {
  const Integer n = odd_number(512);
  const Modulus modulus(n);
  Words words(2 * modulus.words(), 0);
  EXPECT_TRUE(modulus.holds(words.data(), 2));
  to_words(n, {&words[modulus.words()], modulus.words()});
  EXPECT_FALSE(modulus.holds(words.data(), 2));
  EXPECT_THROW(modulus.enter(n), Error);
}

TEST(Modulus, RefusesEvenAndSmallNumbers) {
  EXPECT_THROW(Modulus(Integer(1) << 100), Error);
  EXPECT_THROW(Modulus(Integer(17)), Error);
}

}  // namespace
}  // namespace polder
