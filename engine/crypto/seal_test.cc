#include "crypto/seal.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/hex.h"

namespace polder {
namespace {

// RFC 7748, section 6.1: Bob's keys.
TEST(Seal, ReceivingKeyHasThePublicKeyOfRfc7748) {
  const ReceivingKey key(
      from_hex<32>("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  EXPECT_EQ(to_hex(key.seal_key()),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

TEST(Seal, OpensWhatWasSealedOfAnyLength) {
  const ReceivingKey key = ReceivingKey::random();
  for (std::size_t length : {0, 1, 63, 64, 65, 1000, 100'000}) {
    Bytes contents(length);
    random_bytes(contents);
    const Bytes box = seal(key.seal_key(), contents);
    EXPECT_EQ(box.size(), length + seal_overhead);
    EXPECT_EQ(key.open(box), contents);
    EXPECT_NE(seal(key.seal_key(), contents), box) << "sealing draws a fresh key";
  }
}

// The oracle takes libsodium's format apart: one-time public key, then a box under the nonce
// BLAKE2b-192(one-time key || recipient's key).
TEST(Seal, IsABoxFromAOneTimeKey) {
  const ReceivingKey key = ReceivingKey::random();
  const Bytes contents{1, 2, 3};
  const Bytes box = seal(key.seal_key(), contents);

  std::array<std::uint8_t, 64> keys;
  std::copy_n(box.begin(), 32, keys.begin());
  std::copy_n(key.seal_key().begin(), 32, keys.begin() + 32);
  std::array<std::uint8_t, 24> nonce;
  crypto_generichash(nonce.data(), nonce.size(), keys.data(), keys.size(), nullptr, 0);
  Bytes opened(contents.size());
  ASSERT_EQ(crypto_box_open_easy(opened.data(), box.data() + 32, box.size() - 32, nonce.data(),
                                 box.data(), key.raw().data()),
            0);
  EXPECT_EQ(opened, contents);
}

TEST(Seal, RefusesAnyChangedBitAndLength) {
  const ReceivingKey key = ReceivingKey::random();
  Bytes box = seal(key.seal_key(), Bytes{1, 2, 3, 4, 5});
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    const auto mask = static_cast<std::uint8_t>(1u << bit % 8);
    box[bit / 8] ^= mask;
    EXPECT_THROW(key.open(box), Error) << bit;
    box[bit / 8] ^= mask;
  }
  for (std::size_t length = 0; length < box.size(); ++length) {
    EXPECT_THROW(key.open(std::span(box).first(length)), Error) << length;
  }
  box.push_back(0);
  EXPECT_THROW(key.open(box), Error);
}

TEST(Seal, OpensForNobodyElse) {
  const Bytes box = seal(ReceivingKey::random().seal_key(), Bytes{1});
  EXPECT_THROW(ReceivingKey::random().open(box), Error);
}

TEST(Seal, RefusesARecipientWhoseKeyIsNone) {
  EXPECT_THROW(seal(SealKey{}, Bytes{1}), Error);   // of order 4: a secret that all know
  EXPECT_THROW(seal(SealKey{1}, Bytes{1}), Error);  // of order 1
}

}  // namespace
}  // namespace polder
