#include "crypto/ot/oprf.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <memory>

#include "crypto/hash.h"
#include "crypto/hex.h"
#include "crypto/ot/test_base_ot.h"
#include "crypto/random.h"

namespace polder {
namespace {

constexpr std::array<std::uint8_t, 16> public_key{1, 2, 3};

TEST(Oprf, BothEndsAgreeAtTheReceiversPointsAndOnlyThere) {
  for (const std::size_t n : {1, 2, 65, 1000}) {
    const testing::BaseOts e = testing::base_ots(oprf_columns);
    const OprfCode code(public_key);
    const Blocks points = random_blocks(n), others = random_blocks(n);
    const OprfValues received = oprf_at(e.pairs, code, points);
    const Oprf oprf(e.chosen, received.message);
    const auto coded = code(points), other_coded = code(others);
    for (std::size_t j = 0; j < n; ++j) {
      EXPECT_EQ(oprf(j, coded[j]), received.values[j]);
      EXPECT_FALSE(oprf(j, other_coded[j]) == received.values[j]);
      EXPECT_NE(oprf(j, coded[(j + 1) % n]) == received.values[j], n > 1);
      EXPECT_NE(received.values[j].low, received.values[j].high);
    }
  }
}

/// The same point in two bins: two functions.
TEST(Oprf, FunctionsOfOnePointDiffer) {
  const testing::BaseOts e = testing::base_ots(oprf_columns);
  const Blocks points(50, Block{7, 8});
  const Blocks values = oprf_at(e.pairs, OprfCode(public_key), points).values;
  for (std::size_t j = 1; j < values.size(); ++j) EXPECT_FALSE(values[j] == values[0]);
}

/// Known answers: OpenSSL's AES under the four derived keys.
TEST(OprfCode, IsAesOfThePoint) {
  const Block point{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  const OprfCode::Word word = OprfCode(public_key)(Blocks{point})[0];
  for (std::uint8_t part = 0; part < 4; ++part) {
    const Digest128 key =
        Hasher<16>().add("polder oprf code").add(public_key).add(std::span(&part, 1)).finish();
    std::array<std::uint8_t, 32> out;
    int length = 0;
    const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> mode(EVP_CIPHER_CTX_new(),
                                                                          EVP_CIPHER_CTX_free);
    EVP_EncryptInit_ex(mode.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr);
    EVP_EncryptUpdate(mode.get(), out.data(), &length,
                      reinterpret_cast<const std::uint8_t*>(&point), 16);
    EXPECT_EQ(std::memcmp(word.data() + 2 * part, out.data(), 16), 0) << int{part};
  }
}

/// log2 of the probability that two random words differ in fewer than 128 of 512 places, and that
/// this is what the run's budget counts with: below 2^-102.
TEST(OprfCode, RandomWordsDifferInEnoughPlaces) {
  double probability = 0;
  for (int k = 0; k < 128; ++k) {
    probability += std::exp(std::lgamma(513.0) - std::lgamma(k + 1.0) - std::lgamma(513.0 - k) -
                            512 * std::log(2.0));
  }
  EXPECT_LT(std::log2(probability), -102);

  const auto words = OprfCode(public_key)(random_blocks(300));
  for (std::size_t i = 1; i < words.size(); ++i) {
    int differ = 0;
    for (std::size_t w = 0; w < OprfCode::words; ++w) {
      differ += std::popcount(words[i][w] ^ words[i - 1][w]);
    }
    EXPECT_GE(differ, 128);
  }
}

/// The limit that docs/protocols/quorum.md names: nothing checks that the columns are code words. A
/// receiver that changes bit i of row i's word and is told, for 512 rows, whether the function has
/// its honest value there, knows all choices, and with them every function everywhere.
TEST(Oprf, IsForReceiversThatSendCodeWords) {
  const testing::BaseOts e = testing::base_ots(oprf_columns);
  const Blocks points = random_blocks(oprf_columns);
  const OprfCode code({1});
  OprfValues own = oprf_at(e.pairs, code, points);
  for (std::size_t i = 0; i < oprf_columns; ++i) {
    own.message.column(i)[i / 64] ^= std::uint64_t{1} << i % 64;
  }
  const Oprf sender(e.chosen, own.message);

  ChosenKeys learned{Words(OprfCode::words, 0), e.pairs.zero};
  const std::vector<OprfCode::Word> coded = code(points);
  for (std::size_t i = 0; i < oprf_columns; ++i) {
    const bool as_honest = sender(i, coded[i]) == own.values[i];
    if (as_honest) continue;
    learned.choices[i / 64] |= std::uint64_t{1} << i % 64;
    learned.keys[i] = e.pairs.one[i];
  }
  const Oprf anywhere(learned, own.message);
  const OprfCode::Word other = code(random_blocks(1))[0];
  for (const std::size_t j : {0u, 100u, 511u}) EXPECT_EQ(anywhere(j, other), sender(j, other));
}

}  // namespace
}  // namespace polder
