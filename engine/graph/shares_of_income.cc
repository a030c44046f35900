#include "graph/shares_of_income.h"

#include "graph/pass.h"
#include "ops/arithmetic/divide.h"

namespace polder {

Arith shares_of_income(Protocol& mpc, const PreparedGraph& graph, const Arith& amounts,
                       int fraction_bits) {
  const Arith known = mpc.to_arith(graph.known_edges());
  const Arith counted = mpc.mul(graph.by_target(amounts), known);
  const Arith income = sums_at_targets(graph, counted);
  const Arith divisor = at_edges_of_targets(mpc, graph, income);
  return divide_fixed(mpc, counted, divisor, fraction_bits).value;
}

}  // namespace polder
