#include "crypto/hash.h"

#include <sodium.h>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/random.h"

namespace polder {
namespace {

template <std::size_t bytes>
std::array<std::uint8_t, bytes> hash(std::span<const std::uint8_t> input,
                                     std::span<const std::uint8_t> key) {
  ready_sodium();
  std::array<std::uint8_t, bytes> digest;
  crypto_generichash_blake2b(digest.data(), bytes, input.data(), input.size(), key.data(),
                             key.size());
  return digest;
}

}  // namespace

template <std::size_t bytes>
Hasher<bytes>::Hasher() {
  ready_sodium();
  crypto_generichash_blake2b_init(&state_, nullptr, 0, bytes);
}

template <std::size_t bytes>
Hasher<bytes>::Hasher(std::span<const std::uint8_t, 32> key) {
  ready_sodium();
  crypto_generichash_blake2b_init(&state_, key.data(), key.size(), bytes);
}

template <std::size_t bytes>
Hasher<bytes>::~Hasher() {
  wipe(&state_, sizeof state_);
}

template <std::size_t bytes>
Hasher<bytes>& Hasher<bytes>::add(std::span<const std::uint8_t> input) {
  crypto_generichash_blake2b_update(&state_, input.data(), input.size());
  return *this;
}

template <std::size_t bytes>
Hasher<bytes>& Hasher<bytes>::add(std::string_view input) {
  return add(bytes_of(input));
}

template <std::size_t bytes>
typename Hasher<bytes>::Digest Hasher<bytes>::finish() {
  Digest digest;
  const int status = crypto_generichash_blake2b_final(&state_, digest.data(), bytes);
  require(status == 0, "hash: finished twice");
  return digest;
}

template class Hasher<16>;
template class Hasher<32>;

Digest128 hash128(std::span<const std::uint8_t> input) { return hash<16>(input, {}); }
Digest128 hash128(std::string_view input) { return hash128(bytes_of(input)); }
Digest256 hash256(std::span<const std::uint8_t> input) { return hash<32>(input, {}); }
Digest256 hash256(std::string_view input) { return hash256(bytes_of(input)); }

Digest256 keyed_hash256(std::span<const std::uint8_t, 32> key,
                        std::span<const std::uint8_t> input) {
  return hash<32>(input, key);
}
Digest256 keyed_hash256(std::span<const std::uint8_t, 32> key, std::string_view input) {
  return keyed_hash256(key, bytes_of(input));
}

Digest128 identifier_hash(std::span<const std::uint8_t, 32> key,
                          std::span<const std::uint8_t> identifier) {
  return hash<16>(identifier, key);
}
Digest128 identifier_hash(std::span<const std::uint8_t, 32> key, std::string_view identifier) {
  return identifier_hash(key, bytes_of(identifier));
}

}  // namespace polder
