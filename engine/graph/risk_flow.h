// How risk flows along edges: each node's value moves towards the mean of its sources, weighted by
// what they pay it, all nodes at once, a public number of times. Source: van Egmond, Dunning, van
// den Berg, Rooijakkers, Sangers, Poppe, Veldsink, "Privacy-Preserving Anti-Money Laundering Using
// Secure Multi-Party Computation", FC 2024 (the formula).
#pragma once

#include <span>

#include "graph/prepared_graph.h"

namespace polder {

/// The formats of a run: values of nodes in 0 .. 2^28 as stored, shares of income in Q34; their
/// products, summed over the edges of a node, stay within 2^62. Steps towards the mean are Q30.
struct RiskFormats {
  static constexpr int value_bits = 28, share_bits = 34, delta_bits = 30;
};

/// For each delta d in turn: r <- r + d (sum over the edges of share * r of the source - r).
/// start [V], by key; shares [V + E], by target (shares_of_income.h), of `share_bits` <= 34
/// fraction bits; deltas 0 .. 2^30 -> [V], by key.  34 rounds, 56 B a row and 80 B a node for each
/// delta.  Each sum and each step is rounded to the nearest, exactly.  Reveals nothing.
Arith risk_flow(Protocol& mpc, const PreparedGraph& graph, Arith start, const Arith& shares,
                int share_bits, std::span<const std::uint64_t> deltas);

}  // namespace polder
