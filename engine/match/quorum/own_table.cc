#include "match/quorum/own_table.h"

#include <cstring>

#include "base/error.h"

namespace polder::quorum {
OwnTable::OwnTable(std::uint64_t bound, const PeerTable& table)
    : rows(table.identifiers.size()), flagged(table.flagged) {
  require(rows <= bound, "a table fits its bound");
  identifiers = random_blocks(bound);
  if (rows > 0) std::memcpy(identifiers.data(), table.identifiers.data(), rows * sizeof(Block));
  flagged.resize(bound, false);
}

}  // namespace polder::quorum
