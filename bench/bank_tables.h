// What the banks of a measured match hold, alike for every protocol, and what plain counting says
// of it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bench/node.h"
#include "match/peer_match.h"

namespace polder::bench {

struct MatchSizes {
  /// A third of the banks and one more must hold a row.
  static MatchSizes of(std::size_t banks, std::size_t items);
  std::size_t rows() const { return banks * items; }

  std::size_t banks, items;  // items: of each bank
  std::uint64_t threshold;
};

/// A number that looks random, the same everywhere.
std::uint64_t mixed(std::uint64_t x, std::uint64_t salt);

/// Bank i holds items i step .. i step + n - 1 in an order of its own, so that every number of
/// holders from one to most of the banks occurs; one row in five is flagged. Nothing is kept: what
/// is asked for is computed, so that the largest runs fit the machine.
class BankTables {
 public:
  explicit BankTables(const MatchSizes& sizes);

  std::size_t banks() const { return banks_; }
  /// Of each bank.
  std::size_t rows() const { return items_; }

  std::array<std::uint64_t, 2> identifier(std::size_t bank, std::size_t row) const;
  bool flagged(std::size_t bank, std::size_t row) const;
  /// Straight from the definition.
  bool matches(std::size_t bank, std::size_t row, std::uint64_t threshold,
               std::uint64_t min_flags) const;

  /// [2 n]: two words a row.
  Values identifiers_of(std::size_t bank) const;
  PeerTable peer_table(std::size_t bank) const;
  /// Which of the bank's rows match.
  Values matches_of(std::size_t bank, std::uint64_t threshold, std::uint64_t min_flags) const;

 private:
  std::uint64_t item(std::size_t bank, std::size_t row) const;

  std::size_t banks_, items_, step_;
};

}  // namespace polder::bench
