#include "crypto/block.h"

#include "crypto/random.h"

namespace polder {

Blocks random_blocks(std::size_t n) {
  Blocks blocks(n);
  random_words(words_of(blocks));
  return blocks;
}

Blocks BlockHash::operator()(std::span<const Block> blocks) const {
  Blocks out(blocks.begin(), blocks.end());
  permutation_.blocks(words_of(out));
  for (std::size_t i = 0; i < blocks.size(); ++i) out[i] = out[i] ^ blocks[i];
  return out;
}

}  // namespace polder
