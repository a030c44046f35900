// 16 binary trees of seeds. One party knows all 256 leaves of each, the other all but one, of which
// only it knows the place. A node s has the children L(s) and R(s); a level's two sums are those of
// all its left and of all its right children. Who has the sum of the side that the path does not
// take, and all other nodes of that side, has the missing sibling. Example, four leaves of which
// number 2 = 10 in bits is missing: at level one the left sum is the left child itself, so leaves 0
// and 1 follow; at level two the right sum is leaf 1 ^ leaf 3, so leaf 3 does.
//
// So 128 transfers of keys, one a level, are turned into 16 times "all but
// one of 256". Both name the same public key for the hashes of seeds.  Source: Goldreich,
// Goldwasser, Micali 1986 for the tree; Roy, "SoftSpokenOT", CRYPTO 2022, section 3, for its use.
#pragma once

#include <cstddef>
#include <span>

#include "crypto/block.h"
#include "crypto/ot/base_ot.h"

namespace polder {

inline constexpr std::size_t tree_levels = 8, tree_leaves = 256, trees = 16;
inline constexpr std::size_t tree_keys = trees * tree_levels;

/// What the party with whole trees sends: both sums of each level, under the OTs' keys.
/// [2 * tree_keys], for key i = 8 tree + place at 2i and 2i + 1.
using TreeMessage = Blocks;

/// leaves [trees * tree_leaves], in order.
struct WholeTrees {
  Blocks leaves;
  TreeMessage message;
};
WholeTrees grow_trees(const KeyPairs& keys, const HashKey& hash);

/// leaves [trees * tree_leaves]: place x holds leaf x ^ missing of its tree, place 0 holds zero.
/// Bits 8i .. 8i + 7 of `missing`: which leaf of tree i is not known, uniformly random.
struct PuncturedTrees {
  Blocks leaves;
  Block missing;
};
PuncturedTrees grow_punctured_trees(const ChosenKeys& keys, std::span<const Block> message,
                                    const HashKey& hash);

}  // namespace polder
