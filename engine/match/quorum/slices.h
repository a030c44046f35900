// A table cut into slices by a public hash of its rows' identifiers: the same identifier lies in
// the same slice of every bank.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "match/quorum/opprf_hint.h"
#include "match/quorum/own_table.h"

namespace polder::quorum {

class Slices {
 public:
  /// The salt is public and drawn after all tables were fixed.
  Slices(const PeerTable& table, std::uint64_t count, const Salt& salt);

  /// Slice k: which of the table's rows, in the order in which `table` has them.
  std::span<const std::uint32_t> rows(std::uint64_t k) const;
  /// Filled up to the slice's bound.  Throws Error internal if it does not fit, as seldom as the
  /// parameters say.
  OwnTable table(std::uint64_t k, std::uint64_t bound) const;

 private:
  const PeerTable& table_;
  std::vector<std::uint32_t> order_;  // rows, slice by slice
  std::vector<std::size_t> starts_;   // [count + 1], in `order_`
};

}  // namespace polder::quorum
