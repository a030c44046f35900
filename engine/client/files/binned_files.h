// Files of a match that only one party learns, in bins: no sort at the nodes, for a longer upload.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "client/match.h"
#include "client/nodes/result.h"

namespace polder {

/// Drawn for one run once its files are read, so that no identifier was chosen with it in mind.
using BinSalt = std::array<std::uint8_t, 32>;

/// Where the rows of each party's file lie; parties in the run's order.
struct BinnedFiles {
  std::size_t requester;                          // the party that learns
  int width;                                      // bits of an identifier to upload
  BinSalt salt;                                   // of this run's hashes
  std::vector<std::vector<std::uint32_t>> slots;  // row numbers, or no_row
};

/// Identifiers hashed for this run, to find their bins by, and to be compared: two functions that
/// say nothing of each other.  [2 n] words -> [2 n].
enum class BinHash { bins, compared };
Words hashed_for_bins(const BinSalt& salt, BinHash which, std::span<const std::uint64_t> hashes);

/// The bins, where they are asked for or the better way: the nodes are so far apart that some 150
/// rounds less outweigh the longer uploads. They need a file of each party, and one party alone
/// that learns its rows or their number from a threshold of 2 on: throws Error bad_input if bins
/// are asked for and cannot be.
std::optional<BinnedFiles> bins_if_better(const MatchOptions& options,
                                          const std::vector<MatchInput>& parties,
                                          std::chrono::microseconds round_trip);

/// The file's rows, hashed to be compared, in these slots; what is in empty ones is random, and
/// not flagged.
PartyFile in_slots(const PartyFile& file, const BinSalt& salt,
                   std::span<const std::uint32_t> slots);

/// An answer about slots ("rows": [slots] of one bit) as one about the owner's n rows.  Throws
/// Error cheating if it is none.
Opened by_row(const Opened& opened, std::span<const std::uint32_t> slots, std::size_t n);

}  // namespace polder
