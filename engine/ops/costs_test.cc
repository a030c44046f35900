// What every operator costs, rounds and bytes at each node, is written down in tests/costs.txt and
// compared exactly: a change edits that file in the same commit and says why. What this test prints
// after "paste:" are the lines that belong there.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <numeric>

#include "ops/operator_table_fixture.h"

namespace polder {
namespace {

using namespace testing;

/// The file's lines by operator and rows.
std::map<std::string, std::string> written_down() {
  std::map<std::string, std::string> lines;
  std::ifstream file(POLDER_COSTS);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    lines[line.substr(0, line.find(' ', line.find(' ') + 1))] = line;
  }
  return lines;
}

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
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& [first, second, third] = costs[i];
    EXPECT_EQ(first.rounds, second.rounds) << table[i].name;
    EXPECT_EQ(first.rounds, third.rounds) << table[i].name;
    lines.push_back(fmt::format("{} {} {} {} {} {}", table[i].name, n, first.rounds,
                                first.bytes_sent, second.bytes_sent, third.bytes_sent));
  }
  return lines;
}

TEST(Costs, AreThoseWrittenDown) {
  std::map<std::string, std::string> known = written_down();
  for (const std::size_t n : {std::size_t{1000}, std::size_t{65536}}) {
    for (const std::string& line : measured(n)) {
      const std::string key = line.substr(0, line.find(' ', line.find(' ') + 1));
      const auto found = known.find(key);
      if (found == known.end() || found->second != line) {
        ADD_FAILURE() << (found == known.end() ? "not in tests/costs.txt"
                                               : "tests/costs.txt has: " + found->second)
                      << "\npaste: " << line;
      }
      if (found != known.end()) known.erase(found);
    }
  }
  for (const auto& [key, line] : known) {
    ADD_FAILURE() << "tests/costs.txt has a line of no operator: " << line;
  }
}

}  // namespace
}  // namespace polder
