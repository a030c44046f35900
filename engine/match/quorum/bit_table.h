// One of up to 128 bits: the sender has a table, the receiver an index into it; the receiver learns
// that bit alone and the sender nothing. Made of one transfer of a key (ot_choices.h) for each
// bit of the index: a table bit is masked by one bit of each of the keys that its index names, so
// every other table bit misses a key.  Source: Naor, Pinkas, "Oblivious transfer and polynomial
// evaluation", STOC 1999, section 2, with one-time pads.
#pragma once

#include <span>

#include "base/memory.h"
#include "match/quorum/ot_choices.h"

namespace polder::quorum {

/// tables [n] of 2^width bits (width 1..6 in one word, 7 in two), keys [n * width]: the OTs
/// of table i from i * width on, the index's low bit first. Returns masked tables.
Words mask_tables(std::span<const std::uint64_t> tables, int width, const BothKeys& keys);

/// [n] bits: of table i the one at index i.
Words chosen_bits(std::span<const std::uint64_t> masked, int width,
                  std::span<const std::uint64_t> indices, std::span<const Block> keys);

}  // namespace polder::quorum
