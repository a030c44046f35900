#include "crypto/ot/okvs.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>

#include "base/error.h"
#include "crypto/random.h"

namespace polder {
namespace {

constexpr std::array<std::uint8_t, 16> salt{4, 5, 6};

Blocks keys(std::size_t n) {
  Blocks out = random_blocks(n);
  for (Block& key : out) key.low &= ~std::uint64_t{31};
  return out;
}

Words random(std::size_t n) {
  Words words(n);
  random_words(words);
  return words;
}

TEST(Okvs, GivesEachKeyItsValue) {
  for (const std::size_t n : {0, 1, 2, 5, 511, 512, 513, 2560, 5000}) {
    const Okvs store(Okvs::sizes(n, 45), salt);
    const Blocks stored = keys(n);
    const Words values = random(n), table = store.store(stored, values);
    EXPECT_EQ(table.size(), Okvs::sizes(n, 45).words());
    EXPECT_EQ(store.load(table, stored), values) << n;
  }
}

TEST(Okvs, GivesValuesOfTwoWords) {
  for (const std::size_t n : {0, 1, 513, 3000}) {
    const auto sizes = Okvs::sizes(n, 45);
    const Okvs store(sizes, salt, 2);
    const Blocks stored = keys(n);
    const Words values = random(2 * n), table = store.store(stored, values);
    EXPECT_EQ(table.size(), 2 * sizes.words());
    EXPECT_EQ(store.load(table, stored), values) << n;
  }
}

/// A table of fewer keys than it is for looks the same, and other keys give random words.
TEST(Okvs, OtherKeysGiveRandomWords) {
  const Okvs store(Okvs::sizes(1000, 45), salt);
  for (const std::size_t n : {0, 10, 1000}) {
    const Words table = store.store(keys(n), Words(n, 0));
    std::size_t ones = 0;
    for (const std::uint64_t word : store.load(table, keys(1000))) {
      ones += static_cast<std::size_t>(std::popcount(word));
    }
    EXPECT_NEAR(static_cast<double>(ones), 32'000, 6 * 126.5) << n;  // 64,000 fair bits
  }
}

/// Random values make a table whose bytes are uniform, whatever the number of keys.
TEST(Okvs, TableOfRandomValuesIsUniform) {
  for (const std::size_t n : {0, 500, 1000}) {
    const Okvs store(Okvs::sizes(1000, 45), salt);
    std::array<double, 256> seen{};
    double total = 0;
    for (int run = 0; run < 5; ++run) {
      const Words table = store.store(keys(n), random(n));
      for (const std::uint8_t byte : bytes_of(std::span<const std::uint64_t>(table))) {
        seen[byte] += 1, total += 1;
      }
    }
    double chi_square = 0;
    for (const double count : seen) chi_square += (count - total / 256) * (count - total / 256);
    chi_square *= 256 / total;
    EXPECT_GT(chi_square, 150) << n;  // 255 degrees of freedom: p beyond 1e-7 on both sides
    EXPECT_LT(chi_square, 385) << n;
  }
}

TEST(Okvs, RefusesAKeyTwice) {
  const Okvs store(Okvs::sizes(20, 45), salt);
  Blocks twice = keys(20);
  twice[19] = twice[3];
  EXPECT_THROW(store.store(twice, random(20)), Error);
}

/// log2 of the tail of the binomial distribution of a group's load, summed from lgamma.
double log2_tail(std::uint64_t entries, std::uint64_t groups, std::uint64_t from) {
  const double n = static_cast<double>(entries), q = 1 / static_cast<double>(groups);
  double tail = 0;
  for (std::uint64_t k = from; k <= entries; ++k) {
    const double x = static_cast<double>(k);
    const double term = std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                                 x * std::log(q) + (n - x) * std::log1p(-q));
    tail += term;
    if (term < tail * 1e-18) break;
  }
  return std::log2(tail);
}

/// Against the exact distribution: no group overflows, and no group's rows are dependent, but with
/// probability 2^-bits in all.
TEST(Okvs, SizesKeepTheirPromise) {
  for (const std::uint64_t entries : {1, 20, 512, 513, 1025, 2560, 20'000, 327'680, 5'000'000}) {
    for (const int bits : {45, 49, 60}) {
      const auto [groups, columns] = Okvs::sizes(entries, bits);
      const std::uint64_t slack =
          static_cast<std::uint64_t>(bits + 1 + std::ceil(std::log2(static_cast<double>(groups))));
      ASSERT_GT(columns, slack);
      if (groups == 1) {
        EXPECT_EQ(columns - slack, entries);
        continue;
      }
      const double overflow = log2_tail(entries, groups, columns - slack + 1);
      EXPECT_LT(overflow + std::log2(static_cast<double>(groups)), -bits - 1) << entries;
    }
  }
}

}  // namespace
}  // namespace polder
