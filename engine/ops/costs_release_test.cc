// What every operator costs, rounds and bytes at each node, is written down in tests/costs.txt and
// compared exactly: a change edits that file in the same commit and says why. What this test prints
// after "paste:" are the lines that belong there.
#include <numeric>

#include "ops/operator_table_fixture.h"
#include "protocol/testing/written_costs.h"

namespace polder {
namespace {

using namespace testing;

PlainOperands operands(std::size_t n) {
  Values order(n);
  std::iota(order.begin(), order.end(), 0);
  return {sample(n, 64, 1), sample(n, 64, 2), sample(n, 1, 3), order};
}

/// The costs of all operators at n rows, as lines.
std::vector<std::string> measured(std::size_t n) {
  const std::vector<OperatorRow> table = operator_table();
  std::vector<std::array<Costs, 3>> costs(table.size());
  const PlainOperands plain = operands(n);
  run("rep3", [&](Party& party) {
    const Operands shared(party, plain);
    for (std::size_t i = 0; i < table.size(); ++i) {
      costs[i][static_cast<std::size_t>(party.role())] =
          cost_of(party.mpc(), [&] { table[i].run(party.mpc(), shared); });
    }
  });
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < table.size(); ++i)
    lines.push_back(cost_line(table[i].name, n, costs[i]));
  return lines;
}

TEST(Costs, AreThoseWrittenDown) {
  std::vector<std::string> lines = measured(1000);
  for (std::string& line : measured(65'536)) lines.push_back(std::move(line));
  const std::string differences = differs_from_written("operators", lines);
  EXPECT_TRUE(differences.empty()) << differences;
}

}  // namespace
}  // namespace polder
