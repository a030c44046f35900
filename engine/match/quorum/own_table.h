// A bank's own table, or a slice of it, as it enters a run.
#pragma once

#include <vector>

#include "crypto/block.h"
#include "match/peer_match.h"

namespace polder::quorum {

/// Filled up to its bound with random identifiers, which nobody else holds: so neither a message
/// nor the time that anything takes depends on how many rows there are.
struct OwnTable {
  /// table: of filled_table (peer_match.h).
  OwnTable(std::uint64_t bound, const PeerTable& table);

  std::size_t rows;           // the real ones, which come first
  Blocks identifiers;         // [bound]
  std::vector<bool> flagged;  // [bound]
};

}  // namespace polder::quorum
