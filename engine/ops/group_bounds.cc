#include "ops/group_bounds.h"

#include "base/error.h"

namespace polder {
namespace {

/// Only row i is set.
PlainBits one_row(std::size_t n, std::size_t i) {
  PlainBits rows(n, 1);
  const std::size_t block = i / BitShape::block_rows, row = i % BitShape::block_rows;
  rows.words()[rows.shape().plane_offset(block, 0) + row / 64] = std::uint64_t{1} << row % 64;
  return rows;
}

}  // namespace

Bits group_starts(Protocol& mpc, const Bits& key) {
  if (key.size() == 0) return Bits(mpc.components(), 0, 1);
  const Bits differs = mpc.invert(mpc.equal(key, shift_rows(key, 1)));
  // Row 0 was compared with a row of zeros.
  const PlainBits first = one_row(key.size(), 0);
  return differs ^ (differs & first) ^ mpc.constant(first);
}

Bits group_ends(Protocol& mpc, const Bits& starts) {
  require(starts.width() == 1, "group_ends: starts are one bit a row");
  if (starts.size() == 0) return starts;
  return shift_rows(starts, -1) ^ mpc.constant(one_row(starts.size(), starts.size() - 1));
}

}  // namespace polder
