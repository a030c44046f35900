// Random numbers that hide others, and their places in plaintexts.
#pragma once

#include <cstdint>
#include <vector>

#include "base/memory.h"
#include "crypto/paillier/integer.h"
#include "match/paillier/sizes.h"

namespace polder {

/// For each row residue + range * random, residue uniform below `range` and random below
/// 2^mask_bits: added to a number below `range`, the sum is within 2^-mask_bits of a distribution
/// that does not depend on that number.
struct Masks {
  Words residues;  // [rows]
  Words numbers;   // [rows, 2]
};
inline constexpr int max_mask_bits = 64;
Masks draw_masks(std::size_t rows, std::uint64_t range, int mask_bits);

/// Plaintexts [ciphertexts, words_each] with one mask in each slot.
Words in_slots(const Slots& slots, const Masks& masks, std::size_t words_each);

/// The numbers in the slots of opened plaintexts, each mod `range`.  [rows]
std::vector<std::uint64_t> residues_in(const Slots& slots, const std::vector<Integer>& opened,
                                       std::uint64_t range);

}  // namespace polder
