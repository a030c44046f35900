// 128-bit blocks, and their hash that breaks correlations: keys of oblivious transfer.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/memory.h"
#include "crypto/aes.h"

namespace polder {

struct Block {
  std::uint64_t low, high;
  friend constexpr Block operator^(Block a, Block b) { return {a.low ^ b.low, a.high ^ b.high}; }
  friend constexpr Block operator&(Block a, std::uint64_t mask) {
    return {a.low & mask, a.high & mask};
  }
  friend constexpr bool operator==(Block, Block) = default;
};

using Blocks = std::vector<Block, PoolAllocator<Block>>;

inline std::span<std::uint64_t> words_of(Blocks& blocks) {
  return {reinterpret_cast<std::uint64_t*>(blocks.data()), blocks.size() * 2};
}
inline std::span<const std::uint64_t> words_of(const Blocks& blocks) {
  return {reinterpret_cast<const std::uint64_t*>(blocks.data()), blocks.size() * 2};
}

/// From the system's generator.
Blocks random_blocks(std::size_t n);

/// The public key of such a hash.
using HashKey = std::array<std::uint8_t, 16>;

/// P(x) ^ x, block by block, for AES under a public key as the permutation P: correlation robust in
/// the model of a random permutation, so hash(x) and hash(x ^ secret) look independent.  Source:
/// Guo, Katz, Wang, Yu, "Efficient and secure multiparty computation from fixed-key block ciphers",
/// S&P 2020, section 7.2.  A guess costs one P and is compared with all hashes under one key, so a
/// key serves few instances.
class BlockHash {
 public:
  explicit BlockHash(const HashKey& key) : permutation_(key) {}
  Blocks operator()(std::span<const Block> blocks) const;

 private:
  Aes128 permutation_;
};

}  // namespace polder
