#include "crypto/ot/correlated_ot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "crypto/ot/test_base_ot.h"
#include "crypto/random.h"
#include "crypto/test_aes.h"

namespace polder {
namespace {

struct Ends {
  WholeTrees whole;
  PuncturedTrees punctured;
};

Ends grown() {
  const testing::BaseOts base = testing::base_ots(tree_keys);
  Ends ends{grow_trees(base.pairs, {7}), {}};
  ends.punctured = grow_punctured_trees(base.chosen, ends.whole.message, {7});
  return ends;
}

std::size_t missing_leaf(const PuncturedTrees& punctured, std::size_t tree) {
  const std::uint64_t half = tree < 8 ? punctured.missing.low : punctured.missing.high;
  return half >> 8 * (tree % 8) & 255;
}

TEST(PuncturedTrees, LackOneLeafEach) {
  const Ends ends = grown();
  for (std::size_t tree = 0; tree < trees; ++tree) {
    const std::size_t missing = missing_leaf(ends.punctured, tree);
    const Block* whole = ends.whole.leaves.data() + tree * tree_leaves;
    const Block* punctured = ends.punctured.leaves.data() + tree * tree_leaves;
    EXPECT_EQ(punctured[0], (Block{0, 0}));
    for (std::size_t x = 0; x < tree_leaves; ++x) {
      if (x != missing) {
        ASSERT_EQ(punctured[x ^ missing], whole[x]) << tree << " " << x;
      }
    }
  }
}

TEST(PuncturedTrees, LeavesAreAllDifferent) {
  Blocks leaves = grown().whole.leaves;
  std::sort(leaves.begin(), leaves.end(),
            [](Block a, Block b) { return std::pair(a.low, a.high) < std::pair(b.low, b.high); });
  EXPECT_EQ(std::adjacent_find(leaves.begin(), leaves.end()), leaves.end());
}

Words random(std::size_t n) {
  Words words(n);
  random_words(words);
  return words;
}

TEST(CorrelatedOt, BlocksDifferByTheSecretWhereChosen) {
  Ends ends = grown();
  CorrelatedOtReceiver receiver(std::move(ends.whole));
  CorrelatedOtSender sender(std::move(ends.punctured));
  Block previous{0, 0};
  for (const std::size_t n : {1, 2, 63, 64, 65, 0, 4096, 9001}) {  // one after the other
    const Words choices = random(words_for_bits(n));
    const auto extension = receiver.extend(choices, n);
    const Blocks blocks = sender.extend(extension.message);
    ASSERT_EQ(blocks.size(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t mask = 0 - (choices[i / 64] >> i % 64 & 1);
      ASSERT_EQ(extension.blocks[i], blocks[i] ^ (sender.difference() & mask)) << n << " " << i;
    }
    if (n > 0) {
      EXPECT_FALSE(blocks[0] == previous);
      previous = blocks[0];
    }
  }
}

/// Known leaves: u and v are the sums that the header says, over OpenSSL's AES.
TEST(CorrelatedOt, IsTheSumsOfStreams) {
  constexpr std::size_t n = 130, words = 3;
  WholeTrees whole;
  for (std::uint64_t i = 0; i < trees * tree_leaves; ++i) whole.leaves.push_back({i, 7 * i});
  std::vector<std::uint64_t> sums(trees * words), rows(trees * tree_levels * words);
  for (std::size_t leaf = 0; leaf < whole.leaves.size(); ++leaf) {
    std::array<std::uint8_t, 16> key;
    std::memcpy(key.data(), &whole.leaves[leaf], key.size());
    const auto stream = testing::openssl_counters(key, 0, 0, words);
    const std::size_t tree = leaf / tree_leaves, x = leaf % tree_leaves;
    for (std::size_t w = 0; w < words; ++w) {
      sums[tree * words + w] ^= stream[w];
      for (std::size_t b = 0; b < tree_levels; ++b) {
        if (x >> b & 1) rows[(tree * tree_levels + b) * words + w] ^= stream[w];
      }
    }
  }
  const Words choices = random(words);
  const auto made = CorrelatedOtReceiver(std::move(whole)).extend(choices, n);
  for (std::size_t i = 0; i < n; ++i) {
    const auto bit = [&](const auto& column, std::size_t number) {
      return column[number * words + i / 64] >> i % 64 & 1;
    };
    for (std::size_t tree = 0; tree < trees; ++tree) {
      ASSERT_EQ(made.message.column(tree)[i / 64] >> i % 64 & 1, bit(sums, tree) ^ bit(choices, 0));
    }
    for (std::size_t row = 0; row < trees * tree_levels; ++row) {
      const std::uint64_t half = row < 64 ? made.blocks[i].low : made.blocks[i].high;
      ASSERT_EQ(half >> row % 64 & 1, bit(rows, row)) << i << " " << row;
    }
  }
}

/// What the sender sees of extreme choices has as many ones as zeros.
TEST(CorrelatedOt, MessageHidesTheChoices) {
  for (const std::uint64_t word : {std::uint64_t{0}, ~std::uint64_t{0}}) {
    CorrelatedOtReceiver receiver(grown().whole);
    const auto message = receiver.extend(Words(100, word), 6400).message;
    std::size_t ones = 0;
    for (const std::uint64_t w : message.words) ones += static_cast<std::size_t>(std::popcount(w));
    EXPECT_NEAR(static_cast<double>(ones), 51'200, 6 * 160);  // 102,400 fair bits
  }
}

/// The secret is the complement of the OTs' choices, hence as random as they.
TEST(CorrelatedOt, SecretsAreFresh) {
  EXPECT_FALSE(grown().punctured.missing == grown().punctured.missing);
}

}  // namespace
}  // namespace polder
