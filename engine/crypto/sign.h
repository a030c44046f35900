// Ed25519 signatures (RFC 8032).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/secret.h"

namespace polder {

using Signature = std::array<std::uint8_t, 64>;

class VerifyKey {
 public:
  using Raw = std::array<std::uint8_t, 32>;
  explicit VerifyKey(const Raw& raw) : raw_(raw) {}
  const Raw& raw() const { return raw_; }

  /// Whether the owner of this key signed exactly this message. Keys and signatures that are not
  /// in their one canonical form, or of small order, are refused.
  [[nodiscard]] bool accepts(std::span<const std::uint8_t> message,
                             std::span<const std::uint8_t, 64> signature) const;
  [[nodiscard]] bool accepts(std::string_view message,
                             std::span<const std::uint8_t, 64> signature) const;

  friend bool operator==(const VerifyKey&, const VerifyKey&) = default;

 private:
  Raw raw_;
};

class SigningKey {
 public:
  using Seed = Secret<32>::Raw;
  static SigningKey random() { return SigningKey(Secret<32>::random().raw()); }
  explicit SigningKey(const Seed& seed);

  /// What the key is kept as.
  Seed seed() const;
  VerifyKey verify_key() const;
  Signature sign(std::span<const std::uint8_t> message) const;
  Signature sign(std::string_view message) const;

 private:
  Secret<64> key_;  // seed, then public key
};

}  // namespace polder
