#include "match/quorum/transfer_keys.h"

namespace polder::quorum {
namespace {

const BlockHash& hash() {
  static const BlockHash hash({'p', 'o', 'l', 'd', 'e', 'r', ' ', 't', 'r', 'a', 'n', 's', 'f'});
  return hash;
}

}  // namespace

Blocks chosen_keys(std::span<const Block> blocks) { return hash()(blocks); }

BothKeys both_keys(std::span<const Block> blocks, Block difference) {
  Blocks others(blocks.begin(), blocks.end());
  for (Block& block : others) block = block ^ difference;
  return {hash()(blocks), hash()(others)};
}

}  // namespace polder::quorum
