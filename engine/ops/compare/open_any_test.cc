// Oracle: which rows were set.
#include "ops/compare/open_any.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class OpenAny : public Operator {
 protected:
  /// What every party learns of several columns, asked about one after the other.
  void expect(const std::vector<Values>& columns, bool set) {
    run(GetParam(), [&](Party& party) {
      Stream coins = toss_coins(party.mpc());
      for (std::size_t i = 0; i < columns.size(); ++i) {
        EXPECT_EQ(open_any(party.mpc(), party.input_bits(columns[i], 1), coins), set)
            << "column " << i;
      }
    });
  }
};

TEST_P(OpenAny, IsFalseIfNoRowIsSet) {
  std::vector<Values> columns;
  for (const std::size_t n : edge_sizes) columns.push_back(Values(n, 0));
  expect(columns, false);
}

TEST_P(OpenAny, SeesOneRowAnywhere) {
  std::vector<Values> columns;
  for (const std::size_t n : edge_sizes) {
    for (const std::size_t place : {std::size_t{0}, n / 2, n - 1}) {
      if (n == 0) continue;
      columns.push_back(Values(n, 0));
      columns.back()[place] = 1;
    }
  }
  expect(columns, true);
}

// The exclusive or of all rows is 0 here.
TEST_P(OpenAny, SeesAnEvenNumberOfRows) {
  std::vector<Values> columns{Values(2, 1), Values(1000, 1), Values(70'000, 1)};
  for (std::size_t place = 1; place < 40; ++place) {
    columns.push_back(Values(40, 0));
    columns.back()[0] = columns.back()[place] = 1;
  }
  expect(columns, true);
}

POLDER_EVERY_PROTOCOL(OpenAny);

}  // namespace
}  // namespace polder
