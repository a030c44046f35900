#include "wire/component_hashes.h"

#include <fmt/format.h>

#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {

std::string seed_hash(int component, std::span<const std::uint8_t> seed) {
  return to_hex(
      Hasher<32>().add(fmt::format("polder seed v2\n{}\n", component)).add(seed).finish());
}

std::string data_hash(std::span<const std::uint8_t, 32> blind, std::span<const std::uint8_t> data) {
  return to_hex(keyed_hash256(blind, data));
}

}  // namespace polder
