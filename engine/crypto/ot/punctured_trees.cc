#include "crypto/ot/punctured_trees.h"

#include <array>

#include "base/error.h"
#include "crypto/hash.h"

namespace polder {
namespace {

/// Two children of each seed, by permutations as in block.h: a seed is used once.
struct Doubling {
  explicit Doubling(const HashKey& key)
      : left(Hasher<16>().add("polder left").add(key).finish()),
        right(Hasher<16>().add("polder right").add(key).finish()) {}
  BlockHash left, right;
};

struct Level {
  Blocks left, right;  // children of each node
};

Level children(const Doubling& doubling, std::span<const Block> nodes) {
  return {doubling.left(nodes), doubling.right(nodes)};
}

Block sum(std::span<const Block> blocks) {
  Block total{0, 0};
  for (const Block& block : blocks) total = total ^ block;
  return total;
}

/// Left children at even places, right ones at odd places.
Blocks interleaved(const Level& level) {
  Blocks nodes(2 * level.left.size());
  for (std::size_t i = 0; i < level.left.size(); ++i) {
    nodes[2 * i] = level.left[i];
    nodes[2 * i + 1] = level.right[i];
  }
  return nodes;
}

/// The key that serves a tree's level, the root's children first: bits of a leaf's number from the
/// highest down.
std::size_t key_at(std::size_t tree, std::size_t level) {
  return tree * tree_levels + (tree_levels - 1 - level);
}

void swap_where(std::uint64_t mask, Blocks& a, Blocks& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Block differ = (a[i] ^ b[i]) & mask;
    a[i] = a[i] ^ differ;
    b[i] = b[i] ^ differ;
  }
}

/// Nodes are placed by their number ^ the path to the missing leaf, so the unknown one is always at
/// place 0 and no index depends on the path. Its child on the path takes its place; the other child
/// is the transferred sum less the known nodes on that side.
Blocks grow_punctured(const Doubling& doubling, const ChosenKeys& keys,
                      std::span<const Block> message, std::size_t tree) {
  Blocks nodes(1, Block{0, 0});
  for (std::size_t depth = 0; depth < tree_levels; ++depth) {
    const std::size_t key = key_at(tree, depth);
    const std::uint64_t right = keys.mask(key);  // which side was transferred; the path goes left
    Level level = children(doubling, nodes);
    swap_where(~right, level.left, level.right);  // now `right` is the transferred side
    level.left[0] = level.right[0] = Block{0, 0};
    const Block sums = (message[2 * key] & ~right) ^ (message[2 * key + 1] & right);
    level.right[0] = sums ^ keys.keys[key] ^ sum(level.right);
    nodes = interleaved(level);
  }
  return nodes;
}

}  // namespace

WholeTrees grow_trees(const KeyPairs& keys, const HashKey& hash) {
  require(keys.zero.size() == tree_keys, "punctured trees: one pair of keys a level");
  const Doubling doubling(hash);
  WholeTrees out{{}, TreeMessage(2 * tree_keys)};
  for (std::size_t tree = 0; tree < trees; ++tree) {
    Blocks nodes = random_blocks(1);
    for (std::size_t depth = 0; depth < tree_levels; ++depth) {
      const std::size_t key = key_at(tree, depth);
      const Level level = children(doubling, nodes);
      out.message[2 * key] = keys.zero[key] ^ sum(level.left);
      out.message[2 * key + 1] = keys.one[key] ^ sum(level.right);
      nodes = interleaved(level);
    }
    out.leaves.insert(out.leaves.end(), nodes.begin(), nodes.end());
  }
  return out;
}

PuncturedTrees grow_punctured_trees(const ChosenKeys& keys, std::span<const Block> message,
                                    const HashKey& hash) {
  require(keys.keys.size() == tree_keys && message.size() == 2 * tree_keys,
          "punctured trees: one key a level");
  const Doubling doubling(hash);
  PuncturedTrees out{{}, {~keys.choices[0], ~keys.choices[1]}};
  for (std::size_t tree = 0; tree < trees; ++tree) {
    const Blocks nodes = grow_punctured(doubling, keys, message, tree);
    out.leaves.insert(out.leaves.end(), nodes.begin(), nodes.end());
  }
  return out;
}

}  // namespace polder
