// Valid rows first: without saying how many there are, or opening just that.
#pragma once

#include <vector>

#include "protocol/protocol.h"

namespace polder {

enum class Arrangement { kept, random };  // the old order, or one nobody knows

struct Compacted {
  std::vector<Column> columns;  // [n] each
  Bits valid;                   // [n] of 1, moved along: set in the first rows, then not
};

/// Rows whose `valid` is set first, both sides in their old order; the count stays secret.
/// valid [n] of 1, columns [n] each.  7 rounds; 40 B a row, 2 words a row and word.  Reveals
/// nothing (the nodes see a random permutation).
Compacted compact(Protocol& mpc, const Bits& valid, std::vector<Column> columns);

/// Only the m rows whose `valid` is set.  valid [n] of 1, columns [n] each -> [m] each.  Kept
/// order: 7 rounds, 24 B a row and 8 B a valid one; random order: 4 rounds; 2 words a row and word.
/// Reveals m to all nodes, and not which rows they are.
std::vector<Column> compact_open(Protocol& mpc, const Bits& valid, std::vector<Column> columns,
                                 Arrangement arrangement = Arrangement::kept);

}  // namespace polder
