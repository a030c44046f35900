// What sorts, nth and join cost in a LAN and in a WAN, as in costs_release_test.cc.
#include "ops/order/sorting_table_fixture.h"
#include "protocol/testing/written_costs.h"

namespace polder {
namespace {

using namespace testing;

TEST(SortingCosts, AreThoseWrittenDown) {
  std::vector<std::string> lines;
  for (const std::size_t n : {1000ul, 65'537ul}) {
    const PlainOperands plain{sample(n, 64, 1), sample(n, 64, 2), sample(n, 1, 3),
                              sample(n, 64, 4)};
    for (const OperatorRow& row : sorting_table()) {
      std::ranges::move(
          cost_lines_on_fixed_keys(
              row.name, n, [&](Party& party) { row.run(party.mpc(), Operands(party, plain)); }),
          std::back_inserter(lines));
    }
  }
  const std::string differences = differs_from_written("sorts", lines);
  EXPECT_TRUE(differences.empty()) << differences;
}

}  // namespace
}  // namespace polder
