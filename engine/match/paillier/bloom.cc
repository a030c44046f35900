#include "match/paillier/bloom.h"

#include <cstring>

#include "crypto/hash.h"

namespace polder {

std::vector<std::size_t> BloomHash::positions(const IdentifierHash& identifier,
                                              std::size_t cells) const {
  std::vector<std::size_t> found;
  for (std::uint64_t block = 0; found.size() < hashes_; ++block) {
    const std::uint64_t counter[] = {block};
    const Digest256 digest =
        Hasher<32>(key_).add(identifier).add(bytes_of(std::span(counter))).finish();
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), digest.data(), digest.size());
    for (std::size_t i = 0; i < words.size() && found.size() < hashes_; ++i) {
      // floor(word cells / 2^64): uniform but for cells / 2^64.
      __extension__ using Wide = unsigned __int128;
      found.push_back(static_cast<std::size_t>(static_cast<Wide>(words[i]) * cells >> 64));
    }
  }
  return found;
}

Words unset_cells(const BloomHash& hash, std::span<const IdentifierHash> identifiers,
                  const std::vector<bool>& chosen, std::size_t cells) {
  Words unset(cells, 1);
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    // All are hashed and written, chosen or not: the time tells nothing of the flags.
    const std::uint64_t keep = chosen[i] ? 0 : 1;
    for (const std::size_t cell : hash.positions(identifiers[i], cells)) unset[cell] &= keep;
  }
  return unset;
}

}  // namespace polder
