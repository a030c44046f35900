// Secret powers of two that bring secret numbers to one size: exact factors, so that nothing is
// rounded by scaling.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/protocol.h"

namespace polder {

/// For each row the power that its bit length b leads to: steps[0] + ... + steps[w] less the steps
/// of the b lowest places, that is steps[b] + ... + steps[w].  magnitude [n] of w; w + 1 steps ->
/// [n].  2 + ceil(log2 w) rounds, 8 w B and w log2 w / 2 bits.  Reveals nothing.
Arith by_bit_length(Protocol& mpc, const Bits& magnitude, const std::vector<std::uint64_t>& steps);

/// 2^(w - b) for a row of bit length b (0 for a row of zeros).  As by_bit_length.  Reveals nothing.
Arith power_to_full(Protocol& mpc, const Bits& magnitude);

/// 2^floor((w - b) / 2): times its square, a number of w bits or more is within a factor of four of
/// 2^w.  As by_bit_length.  Reveals nothing.
Arith root_power_to_full(Protocol& mpc, const Bits& magnitude);

}  // namespace polder
