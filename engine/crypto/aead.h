// ChaCha20-Poly1305 (RFC 8439) in place: authenticated encryption of one message, constant time on
// every processor.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/secret.h"

namespace polder {

using AeadNonce = std::array<std::uint8_t, 12>;  // never twice under one key
using AeadTag = std::array<std::uint8_t, 16>;

/// Encrypts `message` (below 2 GiB) and returns the tag that proves it.
AeadTag encrypt_in_place(const Secret<32>& key, const AeadNonce& nonce,
                         std::span<std::uint8_t> message);

/// Decrypts; false, and `message` wiped, if it is not what was encrypted under this key and nonce.
[[nodiscard]] bool decrypt_in_place(const Secret<32>& key, const AeadNonce& nonce,
                                    std::span<std::uint8_t> message, const AeadTag& tag);

}  // namespace polder
