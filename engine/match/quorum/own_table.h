// A bank's own table as it enters a run.
#pragma once

#include <vector>

#include "crypto/block.h"
#include "match/quorum/parameters.h"

namespace polder::quorum {

/// Filled up to its bound with random identifiers, which nobody else holds: so neither a message
/// nor the time that anything takes depends on how many rows there are.
struct OwnTable {
  /// Throws Error bad_input if the table is larger than its bound, has an identifier twice, or
  /// flags that do not fit the rows or the run.
  OwnTable(const Parameters& parameters, std::uint64_t bound, const PeerTable& table);

  std::size_t rows;           // the real ones, which come first
  Blocks identifiers;         // [bound]
  std::vector<bool> flagged;  // [bound]
};

}  // namespace polder::quorum
