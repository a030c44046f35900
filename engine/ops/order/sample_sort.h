// Sorting by opened comparisons, for rows that were shuffled: rows stay where they are and only
// their numbers move. A sample (2^k - 1 rows, about a sixteenth, sorted the same way) is descended
// by binary search, each batch of rows at its own pace; then the rows between two neighbours of the
// sample are put in order by quicksort, many such buckets a batch. Where a round costs more than
// comparisons, several levels of a search are made one step, and quicksort takes several pivots.
// Sources: Hamada, Kikuchi, Ikarashi, Chida, Takahashi, "Practically Efficient Multi-party Sorting
// Protocols from Comparison Sort Algorithms", ICISC 2012 (shuffle, then open comparisons); Frazer,
// McKellar, "Samplesort", JACM 1970.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Row order[i] of `keys` is the i-th smallest by its low `width` bits, unsigned.  keys [n] -> [n].
/// About log2 n + 1 comparisons a row; a few dozen steps of ceil(log2 width) rounds.
/// Reveals the order of the rows to all nodes: the keys must be distinct and in an order that
/// nobody knows (shuffled together with their old row number in the lowest bits), so that it is a
/// uniformly random permutation whatever the keys.
Indices open_sorted_order(Protocol& mpc, const Rows& keys, int width);

/// About what that costs for n keys, in compared rows (Protocol::rows_per_round), of which a round
/// takes `rows_per_call` beside its one-way latency.
double open_sorted_order_cost(const Protocol& mpc, std::size_t n, int width, double rows_per_call);

}  // namespace polder
