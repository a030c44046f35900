// Where groups begin and end among rows sorted by key: one bit a row, from which all work on groups
// starts. How many groups there are stays secret.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Row i is the first of its group: row 0, and each whose key is not the key before.  key [n] of w,
/// equal keys side by side -> [n] of 1.  ceil(log2 w) rounds, w - 1 bits.  Reveals nothing.
Bits segment_starts(Protocol& mpc, const Bits& key);

/// Row i is the last of its group: the next one starts another.  segment_flags [n] of 1 -> [n]
/// of 1. No rounds.  Reveals nothing.
Bits segment_ends(Protocol& mpc, const Bits& segment_flags);

}  // namespace polder
