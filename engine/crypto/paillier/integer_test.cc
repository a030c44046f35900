#include "crypto/paillier/integer.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "base/error.h"
#include "base/memory.h"

namespace polder {
namespace {

Integer hex(const char* digits) { return Integer(digits, 16); }

// From the definition, with Python's hashlib, which has its own BLAKE2b.
TEST(Integer, ExpandsKeysAsKnown) {
  std::array<std::uint8_t, 32> key;
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  EXPECT_EQ(expand(key, 0, 64), hex("5b3327f7ec52f678"));
  EXPECT_EQ(expand(key, 7, 300),
            hex("b32ecd8dd059a6b57a274867cacc5b2f80fbfddb236a2f091d561600f65e003c227c1c99d61"));
  EXPECT_EQ(expand(key, (std::uint64_t{1} << 40) + 1, 1000),
            hex("1fb1e68d782295163cd0143e38178632df6b0deef09426c93c57ee7de2a5ea3882a3b36882adc335"
                "322d049894bc1d63824c9f4aab376d0036122feed96813eb8e1bb6fb37801f52c044f057f53df8cc"
                "9e743ef56cd08dc8315ce551b9cce800a3ac3a90a25c355e05538d6630551085ca1ef9e44452a44a"
                "faa60ffdaa"));
}

// From Python's pow.
TEST(Integer, PowersInConstantTimeAsKnown) {
  EXPECT_EQ(power_in_constant_time(hex("123456789abcdef0123456789abcdef"),
                                   hex("fedcba9876543210fedcba98"), (Integer(1) << 127) - 1),
            hex("7f4b5ef1311ad5cd94b8e28df0fb240e"));
  EXPECT_EQ(power_in_constant_time(
                3, (Integer(1) << 200) + 5,
                hex("f000000000000000000000000000000000000000000000000000000000000021")),
            hex("8ed13c55bbe3716b700526d479de3c31977503538c2c3f1164091d29625a8db4"));
  EXPECT_EQ(power_in_constant_time(7, 0, 15), 1);
}

TEST(Integer, GoesToWordsAndBack) {
  const Words words{1, 0, ~std::uint64_t{0}, 0};
  const Integer x = (((Integer(1) << 64) - 1) << 128) + 1;
  EXPECT_EQ(from_words(words), x);
  Words back(4, 9);
  to_words(x, back);
  EXPECT_EQ(back, words);
  EXPECT_EQ(from_words({}), 0);
  to_words(0, back);
  EXPECT_EQ(back, Words(4, 0));
  EXPECT_THROW(to_words(x, std::span(back).first(2)), Error);
}

TEST(Integer, RandomNumbersFillTheirBits) {
  for (const int bits : {1, 63, 64, 65, 200}) {
    Integer all_ones = 0;
    for (int i = 0; i < 200; ++i) all_ones |= random_bits(bits);
    EXPECT_EQ(all_ones, (Integer(1) << bits) - 1);
  }
  std::array<int, 5> seen{};
  for (int i = 0; i < 5000; ++i) ++seen.at(random_below(5).get_ui());
  for (const int count : seen) EXPECT_NEAR(count, 1000, 6 * 29);  // 6 deviations
}

}  // namespace
}  // namespace polder
