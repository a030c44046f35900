#include "crypto/block.h"

#include <gtest/gtest.h>

#include <cstring>

#include "crypto/hex.h"

namespace polder {
namespace {

/// FIPS 197, appendix C.1: AES of 00112233… under 000102… is 69c4e0d8…
TEST(BlockHash, IsTheCipherOfTheBlockAndTheBlock) {
  const auto key = from_hex<16>("000102030405060708090a0b0c0d0e0f");
  const auto plain = from_hex<16>("00112233445566778899aabbccddeeff");
  const auto cipher = from_hex<16>("69c4e0d86a7b0430d8cdb78070b4c55a");
  Block block, expected;
  std::memcpy(&block, plain.data(), sizeof block);
  std::memcpy(&expected, cipher.data(), sizeof expected);
  for (const std::size_t n : {0, 1, 2, 3, 31, 32, 33, 100}) {  // whole batches, rests, none
    const Blocks hashes = BlockHash(key)(Blocks(n, block));
    ASSERT_EQ(hashes.size(), n);
    for (const Block& hash : hashes) EXPECT_EQ(hash ^ block, expected);
  }
}

TEST(BlockHash, OfSeveralBlocksIsOneByOne) {
  const BlockHash hash({5});
  const Blocks blocks = random_blocks(77), together = hash(blocks);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    EXPECT_EQ(hash(Blocks{blocks[i]})[0], together[i]);
  }
}

TEST(RandomBlocks, AreFresh) {
  EXPECT_TRUE(random_blocks(0).empty());
  EXPECT_FALSE(random_blocks(1)[0] == random_blocks(1)[0]);
}

}  // namespace
}  // namespace polder
