// Whether one row of a column is set.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Or of all rows.  [n] of w -> [1] of w (0 if n = 0).  ceil(log2 n) rounds, n w bits.  Reveals
/// nothing.
Bits any(Protocol& mpc, Bits x);

}  // namespace polder
