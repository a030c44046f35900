#include "crypto/aead.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/hex.h"

namespace polder {
namespace {

using Raw = std::vector<std::uint8_t>;

AeadNonce random_nonce() {
  AeadNonce nonce;
  random_bytes(nonce);
  return nonce;
}

// RFC 8439, section 2.4.2: the cipher's text starts at block 1, as it does inside the AEAD.
TEST(Aead, EncryptsTheExampleOfRfc8439) {
  Secret<32>::Raw counting;
  for (std::size_t i = 0; i < 32; ++i) counting[i] = static_cast<std::uint8_t>(i);
  const std::string text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.";
  Raw message(text.begin(), text.end());
  encrypt_in_place(Secret<32>(counting), from_hex<12>("000000000000004a00000000"), message);
  EXPECT_EQ(to_hex(message),
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593d"
            "abcd62b3571639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16cc"
            "f806818ce91ab77937365af90bbf74a35be6b40b8eedf2785e42874d");
}

// The oracle: libsodium's own implementation.
TEST(Aead, EqualsLibsodiumAtEveryLength) {
  const auto key = Secret<32>::random();
  for (std::size_t length : {1, 15, 16, 17, 63, 64, 65, 255, 256, 1000, 65536, 100'001}) {
    Raw message(length);
    random_bytes(message);
    const AeadNonce nonce = random_nonce();
    Raw expected(length);
    AeadTag expected_tag;
    crypto_aead_chacha20poly1305_ietf_encrypt_detached(expected.data(), expected_tag.data(),
                                                       nullptr, message.data(), length, nullptr, 0,
                                                       nullptr, nonce.data(), key.raw().data());

    const Raw before = message;
    const AeadTag tag = encrypt_in_place(key, nonce, message);
    EXPECT_EQ(message, expected) << length;
    EXPECT_EQ(tag, expected_tag) << length;
    EXPECT_TRUE(decrypt_in_place(key, nonce, message, tag));
    EXPECT_EQ(message, before) << length;
  }
}

TEST(Aead, ProvesAMessageOfNoBytes) {
  const auto key = Secret<32>::random();
  const AeadNonce nonce = random_nonce();
  AeadTag tag = encrypt_in_place(key, nonce, {});
  EXPECT_TRUE(decrypt_in_place(key, nonce, {}, tag));
  tag[0] ^= 1;
  EXPECT_FALSE(decrypt_in_place(key, nonce, {}, tag));
}

TEST(Aead, RefusesAnyChangeAndWipesWhatItRefuses) {
  const auto key = Secret<32>::random();
  AeadNonce nonce = random_nonce();
  Raw box{1, 2, 3, 4, 5};
  AeadTag tag = encrypt_in_place(key, nonce, box);

  const auto flipped_is_refused = [&](std::span<std::uint8_t> where) {
    for (std::size_t bit = 0; bit < where.size() * 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1u << bit % 8);
      where[bit / 8] ^= mask;
      Raw message = box;
      EXPECT_FALSE(decrypt_in_place(key, nonce, message, tag)) << bit;
      EXPECT_EQ(message, Raw(5, 0));
      where[bit / 8] ^= mask;
    }
  };
  flipped_is_refused(box);
  flipped_is_refused(nonce);
  flipped_is_refused(tag);

  Raw message = box;
  EXPECT_FALSE(decrypt_in_place(Secret<32>::random(), nonce, message, tag));
  EXPECT_FALSE(decrypt_in_place(key, nonce, std::span(box).first(4), tag));
}

}  // namespace
}  // namespace polder
