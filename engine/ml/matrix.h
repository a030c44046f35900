// Small steps on matrices, row after row in one column.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// [n, m] -> [m, n].  No rounds.
Arith transposed(Protocol& mpc, const Arith& x, std::size_t n, std::size_t m);
/// x[0], x[0] ... x[1], x[1] ...: each row `times` times.  [n] -> [n times].  No rounds.
Arith each_repeated(Protocol& mpc, const Arith& x, std::size_t times);
/// x once after the other.  [n] -> [n times].  No rounds.
Arith all_repeated(Protocol& mpc, const Arith& x, std::size_t times);
/// [n, n] -> [n].  No rounds.
Arith diagonal(Protocol& mpc, const Arith& x, std::size_t n);
/// A matrix with x on its diagonal, else 0.  [n] -> [n, n].  No rounds.
Arith diagonal_matrix(Protocol& mpc, const Arith& x);

/// floor(x / 2^shift + 1/2); x 2^-shift for a shift below 0.  [n] -> [n].  As Protocol::truncate.
/// Reveals nothing.
Arith rounded_shift(Protocol& mpc, const Arith& x, int shift);
/// x within -bound .. bound.  [n] -> [n].  12 rounds, ~100 B.  Reveals nothing.
Arith clamped(Protocol& mpc, const Arith& x, std::uint64_t bound);
/// All rows are within -bound .. bound.  [n] -> [1] of 1.  9 + log2 2n rounds, ~72 B.  Reveals
/// nothing.
Bits all_within(Protocol& mpc, const Arith& x, std::uint64_t bound);

}  // namespace polder
