// Boxes that anyone can close and only one key can open: X25519, XSalsa20-Poly1305 (libsodium's
// sealed box). The sender stays anonymous: whoever needs to know who sealed signs as well.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/memory.h"
#include "crypto/secret.h"

namespace polder {

using SealKey = std::array<std::uint8_t, 32>;  // the public one

/// Bytes that a sealed box is longer than its contents.
inline constexpr std::size_t seal_overhead = 48;

/// Whether `to` is a point of the curve that is not of small order.
bool can_seal_to(const SealKey& to);

/// Throws Error bad_input if `to` is no key.
Bytes seal(const SealKey& to, std::span<const std::uint8_t> contents);

class ReceivingKey {
 public:
  static ReceivingKey random() { return ReceivingKey(Secret<32>::random()); }
  explicit ReceivingKey(const Secret<32>::Raw& raw) : ReceivingKey(Secret<32>(raw)) {}

  /// What the key is kept as.
  const Secret<32>::Raw& raw() const { return secret_.raw(); }
  const SealKey& seal_key() const { return seal_key_; }

  /// Throws Error bad_input if the box was sealed to another key or changed since.
  Bytes open(std::span<const std::uint8_t> box) const;

 private:
  explicit ReceivingKey(Secret<32> secret);

  Secret<32> secret_;
  SealKey seal_key_;
};

}  // namespace polder
