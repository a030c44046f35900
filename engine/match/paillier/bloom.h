// Bloom filters: where an identifier's cells are, and which cells a bank's identifiers leave unset.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/memory.h"
#include "match/peer_match.h"

namespace polder {

/// Positions by a hash keyed with the run's key, which nobody knows before: so no identifier can be
/// chosen for its positions.
class BloomHash {
 public:
  BloomHash(const std::array<std::uint8_t, 32>& key, std::size_t hashes)
      : key_(key), hashes_(hashes) {}

  /// `hashes` cells below `cells`, which may repeat.
  std::vector<std::size_t> positions(const IdentifierHash& identifier, std::size_t cells) const;

 private:
  std::array<std::uint8_t, 32> key_;
  std::size_t hashes_;
};

/// 1 for each cell that no chosen identifier has set.  [cells]
Words unset_cells(const BloomHash& hash, std::span<const IdentifierHash> identifiers,
                  const std::vector<bool>& chosen, std::size_t cells);

}  // namespace polder
