#include "ops/groups/segment_bounds.h"

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

Bits segment_starts(Protocol& mpc, const Bits& key) {
  if (key.size() == 0) return Bits(mpc.components(), 0, 1);
  const Bits differs = mpc.bit_not(mpc.equal(key, shift_rows(key, 1)));
  // Row 0 was compared with a row of zeros.
  const PlainBits first = one_row(key.size(), 0);
  return differs ^ (differs & first) ^ mpc.constant(first);
}

Bits segment_ends(Protocol& mpc, const Bits& segment_flags) {
  require(segment_flags.width() == 1, "segment_ends: segment flags are one bit a row");
  if (segment_flags.size() == 0) return segment_flags;
  return shift_rows(segment_flags, -1) ^
         mpc.constant(one_row(segment_flags.size(), segment_flags.size() - 1));
}

}  // namespace polder
