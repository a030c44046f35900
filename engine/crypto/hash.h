// BLAKE2b (RFC 7693), plain or under a 32-byte key, of 16 or 32 bytes.
#pragma once

#include <sodium/crypto_generichash_blake2b.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace polder {

/// Of input that comes in pieces. `bytes` is 16 or 32.
template <std::size_t bytes>
class Hasher {
 public:
  using Digest = std::array<std::uint8_t, bytes>;

  Hasher();
  /// Keyed: a message authentication code and a pseudorandom function.
  explicit Hasher(std::span<const std::uint8_t, 32> key);
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  ~Hasher();

  Hasher& add(std::span<const std::uint8_t> input);
  Hasher& add(std::string_view input);
  /// The hash of all that was added; ends the hasher's use.
  Digest finish();

 private:
  crypto_generichash_blake2b_state state_;
};

extern template class Hasher<16>;
extern template class Hasher<32>;

using Digest128 = Hasher<16>::Digest;
using Digest256 = Hasher<32>::Digest;

Digest128 hash128(std::span<const std::uint8_t> input);
Digest128 hash128(std::string_view input);
Digest256 hash256(std::span<const std::uint8_t> input);
Digest256 hash256(std::string_view input);
Digest256 keyed_hash256(std::span<const std::uint8_t, 32> key, std::span<const std::uint8_t> input);
Digest256 keyed_hash256(std::span<const std::uint8_t, 32> key, std::string_view input);

/// What stands for an identifier in matching: keyed BLAKE2b-128 under the network's matching key,
/// so that whoever lacks the key cannot try identifiers out.
Digest128 identifier_hash(std::span<const std::uint8_t, 32> key,
                          std::span<const std::uint8_t> identifier);
Digest128 identifier_hash(std::span<const std::uint8_t, 32> key, std::string_view identifier);

}  // namespace polder
