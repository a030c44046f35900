#include "graph/risk_flow.h"

#include "graph/plain_graph_fixture.h"
#include "graph/shares_of_income.h"

namespace polder {
namespace {

using testing::Party;
using testing::PlainGraph;
using testing::Values;

constexpr int share_bits = RiskFormats::share_bits;

Values incomes(const PlainGraph& graph) {
  Values income(graph.nodes.size(), 0);
  graph.each_known([&](const PlainGraph::Edge& edge, std::size_t, std::size_t target) {
    income[target] += edge.amount;
  });
  return income;
}

std::uint64_t share(std::uint64_t amount, std::uint64_t income) {
  if (income == 0) return 0;
  return static_cast<std::uint64_t>((static_cast<unsigned __int128>(amount) << share_bits) /
                                    income);
}

std::int64_t rounded(std::int64_t x, int shift) {
  return (x + (std::int64_t{1} << (shift - 1))) >> shift;
}

/// The same steps in plain whole numbers.
Values flowed(const PlainGraph& graph, const Values& deltas) {
  const Values income = incomes(graph);
  Values risk = graph.values();
  for (const std::uint64_t delta : deltas) {
    Values received(risk.size(), 0);
    graph.each_known([&](const PlainGraph::Edge& edge, std::size_t source, std::size_t target) {
      received[target] += share(edge.amount, income[target]) * risk[source];
    });
    for (std::size_t i = 0; i < risk.size(); ++i) {
      const std::int64_t now = static_cast<std::int64_t>(risk[i]);
      const std::int64_t mean = rounded(static_cast<std::int64_t>(received[i]), share_bits);
      const std::int64_t step = (mean - now) * static_cast<std::int64_t>(delta);
      risk[i] = static_cast<std::uint64_t>(now + rounded(step, RiskFormats::delta_bits));
    }
  }
  return risk;
}

class RiskFlowTest : public testing::Operator {};

TEST_P(RiskFlowTest, SharesOfIncomeAreThoseOfWholeNumbers) {
  for (const PlainGraph& graph : PlainGraph::samples()) {
    Values seen = arith([&](Party& party) {
      const PreparedGraph prepared = graph.on_shares(party);
      return shares_of_income(party.mpc(), prepared, party.input(graph.amounts()), share_bits);
    });
    const Values income = incomes(graph);
    Values wanted(seen.size() - graph.edges.size(), 0);  // of nodes, and of unknown edges
    graph.each_known([&](const PlainGraph::Edge& edge, std::size_t, std::size_t target) {
      wanted.push_back(share(edge.amount, income[target]));
    });
    wanted.resize(seen.size(), 0);
    std::ranges::sort(seen);
    std::ranges::sort(wanted);
    EXPECT_EQ(seen, wanted) << graph.nodes.size() << " nodes";
  }
}

TEST_P(RiskFlowTest, IsThatOfWholeNumbersBitForBit) {
  const std::uint64_t whole = std::uint64_t{1} << RiskFormats::delta_bits;
  for (const PlainGraph& graph : PlainGraph::samples()) {
    for (const Values& deltas :
         {Values{whole / 2, whole / 2, whole / 2}, Values{whole}, Values{0, whole / 3}, Values{}}) {
      const Values seen = arith([&](Party& party) {
        Protocol& mpc = party.mpc();
        const PreparedGraph prepared = graph.on_shares(party);
        const Arith shares =
            shares_of_income(mpc, prepared, party.input(graph.amounts()), share_bits);
        const Arith start = prepared.by_key(party.input(graph.values()));
        return prepared.as_given(risk_flow(mpc, prepared, start, shares, share_bits, deltas));
      });
      graph.expect(seen, flowed(graph, deltas));
    }
  }
}

TEST_P(RiskFlowTest, KeepsTheGreatestRisk) {
  const std::uint64_t most = std::uint64_t{1} << RiskFormats::value_bits;
  const std::uint64_t delta = std::uint64_t{1} << (RiskFormats::delta_bits - 1);
  PlainGraph ring{{{1, most}, {2, most}, {3, most}}, {{1, 2, 7}, {2, 3, 1}, {3, 1, 3}, {1, 1, 4}}};
  const Values seen = arith([&](Party& party) {
    const PreparedGraph prepared = ring.on_shares(party);
    const Arith shares =
        shares_of_income(party.mpc(), prepared, party.input(ring.amounts()), share_bits);
    const Arith start = prepared.by_key(party.input(ring.values()));
    return prepared.as_given(
        risk_flow(party.mpc(), prepared, start, shares, share_bits, Values{delta, delta}));
  });
  EXPECT_EQ(seen, Values(3, most));
}

POLDER_EVERY_PROTOCOL(RiskFlowTest);

}  // namespace
}  // namespace polder
