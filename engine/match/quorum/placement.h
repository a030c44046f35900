// Where identifiers lie: each has one possible bin in each of five sub-tables. The requester puts
// each of its own into one of them, alone; the other banks theirs into all five.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "crypto/aes.h"
#include "crypto/block.h"
#include "match/quorum/parameters.h"

namespace polder::quorum {

/// An identifier's bins, by sub-table, and its keys in the hints there.
struct Places {
  std::array<std::uint32_t, places> bins;
  Block name;

  Block key(std::size_t sub_table) const { return {name.low | sub_table << 5, name.high}; }
};

/// Under a public salt that is drawn after all tables were fixed.
class Placement {
 public:
  Placement(std::uint64_t bins, const std::array<std::uint8_t, 16>& salt);
  std::vector<Places> operator()(std::span<const Block> identifiers) const;

 private:
  std::uint64_t sub_table_bins_;
  Aes128 names_, bins_;
};

/// A bin of its own for each: [n].  Finds them whenever there are any (augmenting paths).  Throws
/// Error internal if there are none: with probability below 2^-44 (bins_for).
std::vector<std::uint32_t> cuckoo_placement(std::span<const Places> identifiers,
                                            std::uint64_t bins);

}  // namespace polder::quorum
