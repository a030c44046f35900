// Every operator on nodes of 1, 2, 3 and 8 lanes answers what it answers on plain values.
#include <map>
#include <numeric>

#include "ops/order/sorting_table_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Lanes : public ::testing::TestWithParam<std::size_t> {
 protected:
  /// A block of rows for each lane, and a row more.
  static std::size_t rows() { return GetParam() * BitShape::block_rows + 1; }
  static std::string protocol() { return rep3_on_lanes(GetParam()); }
};

PlainOperands operands(std::size_t n) {
  Values order(n);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::shuffle(order, std::mt19937_64(4));
  return {sample(n, 64, 1), sample(n, 64, 2), sample(n, 1, 3), order};
}

/// What every operator of the table answers, opened.
std::vector<std::vector<Values>> all_answers(const std::string& protocol,
                                             const std::vector<OperatorRow>& table,
                                             const PlainOperands& plain) {
  std::vector<std::vector<Values>> all(table.size());
  run(protocol, [&](Party& party) {
    const Operands shared(party, plain);
    for (std::size_t i = 0; i < table.size(); ++i) {
      const Answers answers = table[i].run(party.mpc(), shared);
      std::vector<Values> values{answers.opened};
      for (const Column& column : answers.columns) values.push_back(opened(party, column));
      if (party.role() == 0) all[i] = std::move(values);
    }
  });
  return all;
}

/// Of the rows whose `truncated` numbers are in the range where a probabilistic truncation says
/// something.
bool are_within_one(const Values& truncated, const Values& x, const Values& y) {
  constexpr std::uint64_t offset = std::uint64_t{1} << 62;
  bool near = true;
  for (std::size_t i = 0; i < truncated.size(); ++i) {
    if (truncated[i] + offset < 2 * offset) near &= x[i] - y[i] + 1 <= 2;
  }
  return near;
}

/// The number of the first row that is the same, for each row of so many words.
Values first_alike(const Values& words, std::size_t rows) {
  const std::size_t each = words.size() / rows;
  std::map<Values, std::uint64_t> first;
  Values found;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = words.begin() + static_cast<std::ptrdiff_t>(i * each);
    found.push_back(
        first.emplace(Values(row, row + static_cast<std::ptrdiff_t>(each)), i).first->second);
  }
  return found;
}

bool are_alike(const std::string& name, const PlainOperands& in, std::vector<Values> x,
               std::vector<Values> y) {
  if (name.starts_with("truncate_probabilistic")) return are_within_one(in.x, x.at(1), y.at(1));
  if (name.starts_with("mul_truncate_probabilistic"))
    return are_within_one(each(in.x, in.y, std::multiplies{}), x.at(1), y.at(1));
  if (name.starts_with("universal_hash")) {  // by coins of its own: alike are those that were
    const std::size_t n = in.x.size();
    return first_alike(x.at(1), n) == first_alike(y.at(1), n) && x.at(1).size() == y.at(1).size();
  }
  if (name.starts_with("shuffle")) {
    for (auto* columns : {&x, &y}) {
      for (Values& values : *columns) std::ranges::sort(values);
    }
  }
  return x == y;
}

void expect_answers_as_on_plain_values(const std::string& protocol,
                                       const std::vector<OperatorRow>& table,
                                       const PlainOperands& plain) {
  const auto expected = all_answers("cleartext", table, plain),
             got = all_answers(protocol, table, plain);
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_TRUE(are_alike(table[i].name, plain, expected[i], got[i])) << table[i].name;
  }
}

TEST_P(Lanes, EveryOperatorAnswersAsOnPlainValues) {
  expect_answers_as_on_plain_values(protocol(), operator_table(), operands(rows()));
}

TEST_P(Lanes, SortsAndJoinsAnswerAsOnPlainValues) {
  expect_answers_as_on_plain_values(protocol(), sorting_table(), operands(rows()));
}

TEST_P(Lanes, SortsStably) {
  const std::size_t n = rows();
  Values keys = sample(n, 20, 5), order(n);
  std::iota(order.begin(), order.end(), 0);
  const Values numbers = order;
  std::ranges::stable_sort(order, {}, [&](std::uint64_t i) { return keys[i]; });
  run(protocol(), [&](Party& party) {
    const Bits key = party.input_bits(keys, 20);
    const auto sorted = sort(party.mpc(), {{{&key}}}, {party.input(numbers)});
    EXPECT_EQ(opened(party, sorted[0]), order);
  });
}

// Equal work, equal rounds: lanes take more frames, not more turns.
TEST_P(Lanes, TakeNoMoreRounds) {
  const PlainOperands plain = operands(rows());
  std::vector<std::uint64_t> rounds;
  for (const std::string& protocol : {rep3_on_lanes(1), Lanes::protocol()}) {
    run(protocol, [&](Party& party) {
      const Operands in(party, plain);
      const Costs costs = cost_of(party.mpc(), [&] {
        less_than(party.mpc(), in.a, in.b);
        party.mpc().shuffle(in.size())->apply({in.x});
      });
      if (party.role() == 0) rounds.push_back(costs.rounds);
    });
  }
  EXPECT_EQ(rounds[0], 10u);
  EXPECT_EQ(rounds[1], 10u);
}

INSTANTIATE_TEST_SUITE_P(All, Lanes, ::testing::Values(1, 2, 3, 8),
                         [](const auto& test) { return "lanes_" + std::to_string(test.param); });

}  // namespace
}  // namespace polder
