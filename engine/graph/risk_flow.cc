#include "graph/risk_flow.h"

#include "base/error.h"
#include "graph/pass.h"

namespace polder {
namespace {

/// x / 2^shift, to the nearest.
Arith rounded(Protocol& mpc, Arith x, int shift) {
  return mpc.truncate(mpc.add(std::move(x), std::uint64_t{1} << (shift - 1)), shift);
}

}  // namespace

Arith risk_flow(Protocol& mpc, const PreparedGraph& graph, Arith start, const Arith& shares,
                int share_bits, std::span<const std::uint64_t> deltas) {
  require(start.size() == graph.nodes() && shares.size() == graph.rows(),
          "risk_flow: values are of other rows");
  Arith risk = std::move(start);
  for (const std::uint64_t delta : deltas) {
    const Arith of_sources = at_edges_of_sources(mpc, graph, risk);
    const Arith received = sums_at_targets(graph, mpc.mul(of_sources, shares));
    const Arith mean = rounded(mpc, received, share_bits);
    risk = risk + rounded(mpc, (mean - risk) * delta, RiskFormats::delta_bits);
  }
  return risk;
}

}  // namespace polder
