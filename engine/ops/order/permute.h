// Secret permutations given as a shared column of destinations: row i goes to row to[i]. The
// destinations are opened only after a secret shuffle, when they are a uniformly random
// permutation. Source: Asharov, Hamada, Ikarashi, Kikuchi, Nof, Pinkas, Takahashi, Tomida,
// "Efficient Secure Three-Party Sorting with Applications to Data Analysis and Heavy Hitters",
// CCS 2022, section 3.
#pragma once

#include "ops/order/row_order.h"

namespace polder {

/// Columns in a new order, and that order for other columns.
struct Permuted {
  RowOrder order;
  std::vector<Column> columns;
};

/// Row i of every column becomes row to[i].  to [n] (Arith, or Bits of up to 64), a permutation of
/// 0 .. n-1; columns [n] each -> [n] each.  4 rounds, 2 words a row and word moved, `to` included,
/// and `to` opened.  Reveals nothing (the nodes see a random permutation).
Permuted permuted(Protocol& mpc, Column to, std::vector<Column> columns);

/// The same, when the order is needed only once.  4 rounds.  Reveals nothing.
std::vector<Column> permute(Protocol& mpc, Column to, std::vector<Column> columns);

/// Takes it back: row to[i] of every column becomes row i.  7 rounds.  Reveals nothing.
std::vector<Column> permute_back(Protocol& mpc, Column to, std::vector<Column> columns);

/// The permutation that goes by `first` and from there by `then`: row i goes to then[first[i]], of
/// the kind of `then`.  [n], [n] -> [n].  7 rounds.  Reveals nothing.
Column compose(Protocol& mpc, Column first, Column then);

/// A permutation of 0 .. n-1 whose rows are in a fresh random order nobody knows: for operators
/// that have shuffled it themselves, with all that goes by it.  [n] (Arith, or Bits of up to 64) ->
/// [n]. 1 round.  Reveals it to all nodes: a uniformly random permutation.
Indices open_permutation(Protocol& mpc, const Column& shuffled);

/// Columns in a fresh random order nobody knows, the same for all.  3 rounds, 2 words a row and
/// word.  Reveals nothing.
std::vector<Column> shuffled(Protocol& mpc, std::vector<Column> columns);

}  // namespace polder
