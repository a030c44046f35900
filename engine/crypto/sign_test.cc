#include "crypto/sign.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/hex.h"

namespace polder {
namespace {

struct Vector {
  const char *seed, *key, *message, *signature;
};

// RFC 8032, section 7.1, tests 1, 2, 3.
constexpr Vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
};

std::vector<std::uint8_t> bytes(std::string_view hex) {
  std::vector<std::uint8_t> out(hex.size() / 2);
  from_hex(hex, out);
  return out;
}

TEST(Sign, MakesTheSignaturesOfRfc8032) {
  for (const Vector& v : vectors) {
    const SigningKey key(from_hex<32>(v.seed));
    EXPECT_EQ(to_hex(key.verify_key().raw()), v.key);
    EXPECT_EQ(to_hex(key.sign(bytes(v.message))), v.signature);
    EXPECT_EQ(to_hex(key.seed()), v.seed);
    EXPECT_TRUE(
        VerifyKey(from_hex<32>(v.key)).accepts(bytes(v.message), from_hex<64>(v.signature)));
  }
}

TEST(Sign, RefusesAnyChangedBit) {
  const SigningKey key = SigningKey::random();
  std::vector<std::uint8_t> message = bytes("00112233445566778899");
  Signature signature = key.sign(message);
  VerifyKey::Raw raw = key.verify_key().raw();
  ASSERT_TRUE(key.verify_key().accepts(message, signature));

  const auto flipped_is_refused = [&](std::span<std::uint8_t> where) {
    for (std::size_t bit = 0; bit < where.size() * 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1u << bit % 8);
      where[bit / 8] ^= mask;
      EXPECT_FALSE(VerifyKey(raw).accepts(message, signature)) << bit;
      where[bit / 8] ^= mask;
    }
  };
  flipped_is_refused(message);
  flipped_is_refused(signature);
  flipped_is_refused(raw);
  EXPECT_TRUE(VerifyKey(raw).accepts(message, signature));
}

TEST(Sign, RefusesASecondFormOfASignature) {
  const SigningKey key = SigningKey::random();
  Signature signature = key.sign("text");
  // s + L, the group order: the same point, another encoding.
  const auto order =
      from_hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += unsigned{signature[32 + i]} + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(key.verify_key().accepts("text", signature));
}

TEST(Sign, RefusesKeysOfSmallOrder) {
  // Under the neutral point as key, R = neutral and s = 0 would fit every message.
  VerifyKey::Raw neutral{1};
  Signature signature{1};
  EXPECT_FALSE(VerifyKey(neutral).accepts("anything", signature));
}

TEST(Sign, ReadsTextAndBytesAlike) {
  const SigningKey key = SigningKey::random();
  EXPECT_EQ(key.sign("text"), key.sign(bytes_of(std::string_view("text"))));
}

TEST(Sign, AMovedKeyIsNoneAnyMore) {
  SigningKey first = SigningKey::random();
  const VerifyKey expected = first.verify_key();
  const SigningKey second = std::move(first);
  EXPECT_EQ(second.verify_key(), expected);
  EXPECT_THROW(first.sign("text"), Error);  // NOLINT: the use after the move is the test
}

}  // namespace
}  // namespace polder
