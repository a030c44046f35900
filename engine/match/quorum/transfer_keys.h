// Keys of correlated transfers: the hash of what the two parties hold of them.
#pragma once

#include "crypto/block.h"

namespace polder::quorum {

/// Of the block that the receiver has.
Blocks chosen_keys(std::span<const Block> blocks);

/// Of both blocks that it may have.
struct BothKeys {
  Blocks zero, one;
};
BothKeys both_keys(std::span<const Block> blocks, Block difference);

}  // namespace polder::quorum
