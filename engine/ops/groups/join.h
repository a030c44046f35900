// Two tables side by side by a secret key, one to many: unique on the left, repeated on the right.
// Sources: sort-merge on concatenated keys as in Liagouris, Kalavri, Faisal, Varia, "SECRECY:
// Secure Collaborative Analytics in Untrusted Clouds", NSDI 2023; here keys alone are sorted, the
// left columns move three times and the right ones never.
#pragma once

#include <vector>

#include "protocol/protocol.h"

namespace polder {

struct KeyedRows {
  const Bits* key;    // [n] of w, the same w on both sides
  const Bits* valid;  // [n] of 1: rows that take part
};

/// In the order of the right rows, which stay where they are: beside them, valid where `found`, it
/// is the inner join; valid where they were, with `found` as the mark of no null, the outer one
/// that keeps all right rows.
struct Joined {
  Bits found;                   // [right rows] of 1: the row is valid, and so is one with its key
  std::vector<Column> columns;  // [right rows] each: of that left row; 0 where none was found
  Arith repeated;  // [1]: valid left rows whose key an earlier one has; 0 if keys are unique
};

/// Gives each right row the columns of the valid left row with the same key; of several the first.
/// columns [left rows] each, Arith or Bits -> [right rows] each.  A sort of all rows by w + 1 bits
/// (sort.h), then with columns of Bits 11 + ceil(log2 w) rounds, segmented_broadcast
/// (segmented_scan.h), and 4 words a row and word.  Reveals nothing (the nodes see random
/// permutations).
Joined join(Protocol& mpc, const KeyedRows& left, std::vector<Column> columns,
            const KeyedRows& right);

}  // namespace polder
