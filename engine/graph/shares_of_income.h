// What part of all that reaches a node comes along each edge.
#pragma once

#include "graph/prepared_graph.h"

namespace polder {

/// amount / (sum of the amounts of all known edges with that target), cut off to Q`fraction_bits`;
/// 0 where the edge is not known or the sum is 0.  amounts [E], as given; those of known edges in
/// 0 .. 2^(62 - fraction_bits), their sum below 2^62 -> [V + E], by target; 0 in rows of nodes.
/// ~103 rounds, ~670 B a row.  Reveals nothing.
Arith shares_of_income(Protocol& mpc, const PreparedGraph& graph, const Arith& amounts,
                       int fraction_bits);

}  // namespace polder
