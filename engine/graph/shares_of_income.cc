#include "graph/shares_of_income.h"

#include "graph/pass.h"
#include "ops/arithmetic/divide.h"

namespace polder {

Arith shares_of_income(Protocol& mpc, const Network& network, const Arith& amounts,
                       int fraction_bits) {
  const Arith known = mpc.to_arith(network.known_edges());
  const Arith counted = mpc.mul(network.by_target(amounts), known);
  const Arith income = sums_at_targets(network, counted);
  const Arith divisor = at_edges_of_targets(mpc, network, income);
  return divide_fixed(mpc, counted, divisor, fraction_bits).value;
}

}  // namespace polder
