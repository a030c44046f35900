// The numbers of the rows as a column: what ties are broken by, and how a row is named in secret.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Bits of the number of one of n rows; at least one.
int row_number_width(std::size_t n);

/// 0, 1 .. n-1, public.  -> [n] of row_number_width(n).  No rounds.  Reveals nothing.
Bits row_numbers(Protocol& mpc, std::size_t n);

}  // namespace polder
