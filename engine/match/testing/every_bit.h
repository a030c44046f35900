// What a mask makes of numbers, whatever they are: every bit of them is drawn.
#pragma once

#include <cstdint>
#include <span>

namespace polder::testing {

/// Expects that each of the low `bits` is 0 in some of the numbers and 1 in others. Of m random
/// numbers one fails with probability below bits 2^(1 - m); where a mask is missing, or too short,
/// numbers that are alike fail for certain.
void expect_every_bit_drawn(std::span<const std::uint64_t> numbers, int bits);

}  // namespace polder::testing
