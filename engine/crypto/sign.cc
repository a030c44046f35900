#include "crypto/sign.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/random.h"

namespace polder {
bool VerifyKey::accepts(std::span<const std::uint8_t> message,
                        std::span<const std::uint8_t, 64> signature) const {
  ready_sodium();
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                     raw_.data()) == 0;
}

bool VerifyKey::accepts(std::string_view message,
                        std::span<const std::uint8_t, 64> signature) const {
  return accepts(bytes_of(message), signature);
}

SigningKey::SigningKey(const Seed& seed)
    : key_(Secret<64>::filled([&](Secret<64>::Raw& key) {
        ready_sodium();
        VerifyKey::Raw discarded;
        crypto_sign_seed_keypair(discarded.data(), key.data(), seed.data());
      })) {}

SigningKey::Seed SigningKey::seed() const {
  Seed seed;
  std::copy_n(key_.raw().begin(), seed.size(), seed.begin());
  return seed;
}

VerifyKey SigningKey::verify_key() const {
  VerifyKey::Raw raw;
  std::copy_n(key_.raw().begin() + 32, raw.size(), raw.begin());
  return VerifyKey(raw);
}

Signature SigningKey::sign(std::span<const std::uint8_t> message) const {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                       key_.raw().data());
  return signature;
}

Signature SigningKey::sign(std::string_view message) const { return sign(bytes_of(message)); }

}  // namespace polder
