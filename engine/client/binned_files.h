// Files of a match that only one party learns, in bins: no sort at the nodes, for a longer upload.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "client/match.h"
#include "client/result.h"

namespace polder {

/// Where the rows of each party's file lie; parties in the run's order.
struct BinnedFiles {
  std::size_t asker;                               // the party that learns
  int width;                                       // bits of an identifier to upload
  std::vector<std::vector<std::uint32_t>> places;  // row numbers, or no_row
};

/// The bins, where they are asked for or the better way: the nodes are so far apart that some 150
/// rounds less outweigh the longer uploads. They need a file of each party, and one party alone
/// that learns its rows or their number from a threshold of 2 on: throws Error bad_input if bins
/// are asked for and cannot be.
std::optional<BinnedFiles> bins_if_better(const MatchOptions& options,
                                          const std::vector<MatchInput>& parties,
                                          std::chrono::microseconds round_trip);

/// The file's rows in these places; what is in empty ones is random, and not flagged.
PartyFile in_places(const PartyFile& file, std::span<const std::uint32_t> places);

/// An answer about places ("rows": [places] of one bit) as one about the owner's n rows.  Throws
/// Error cheating if it is none.
Opened by_row(const Opened& opened, std::span<const std::uint32_t> places, std::size_t n);

}  // namespace polder
