#include "ops/groups/join.h"

#include <map>

#include "ops/groups/segmented_scan.h"
#include "ops/operator_fixture.h"
#include "ops/order/sort.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

struct Side {
  Values key, valid, value, narrow;  // the last two only on the left
  std::size_t size() const { return key.size(); }
};

struct Tables {
  int key_width;
  Side left, right;
};

/// What each right row gets; all 0 if there is no left row.
struct Answers {
  Values found, value, narrow;
  std::uint64_t repeated = 0;
  bool operator==(const Answers&) const = default;
};

/// The oracle: left rows by key in their order, of which the first answers.
Answers joined_in_the_clear(const Tables& tables) {
  const Side &left = tables.left, &right = tables.right;
  std::multimap<std::uint64_t, std::size_t> rows;  // equal keys stay in the order they come in
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left.valid[i] == 1) rows.emplace(left.key[i], i);
  }
  Answers answers;
  for (auto row = rows.begin(); row != rows.end(); row = rows.upper_bound(row->first))
    answers.repeated += rows.count(row->first) - 1;
  for (std::size_t i = 0; i < right.size(); ++i) {
    const auto row = rows.lower_bound(right.key[i]);
    const bool found = right.valid[i] == 1 && row != rows.end() && row->first == right.key[i];
    answers.found.push_back(found);
    answers.value.push_back(found ? left.value[row->second] : 0);
    answers.narrow.push_back(found ? left.narrow[row->second] : 0);
  }
  return answers;
}

struct Shared {
  Bits key, valid;
  Shared(Party& party, const Side& side, int key_width)
      : key(party.input_bits(side.key, key_width)), valid(party.input_bits(side.valid, 1)) {}
  KeyedRows rows() const { return {&key, &valid}; }
};

class Join : public testing::Operator {
 protected:
  /// With a column of numbers and one of 7 bits.
  Answers joined(const Tables& tables) {
    Answers answers;
    testing::run(GetParam(), [&](Party& party) {
      const Shared left(party, tables.left, tables.key_width),
          right(party, tables.right, tables.key_width);
      const Joined found = join(
          party.mpc(), left.rows(),
          {party.input(tables.left.value), party.input_bits(tables.left.narrow, 7)}, right.rows());
      const Answers seen{opened(party, found.found), opened(party, found.columns[0]),
                         opened(party, found.columns[1]), opened(party, found.repeated)[0]};
      if (party.role() == 0) answers = seen;
    });
    return answers;
  }
};

Values random_flags(std::size_t n, unsigned seed) { return testing::sample(n, 1, seed); }

/// Left keys 0, 1 … spread out over the width and shuffled, right keys among them and beside them.
Tables unique_left(std::size_t left, std::size_t right, int width, unsigned seed) {
  std::mt19937_64 draw(seed);
  const std::uint64_t stride = low_bits(static_cast<std::size_t>(width)) / std::max(left, 1ul);
  Tables tables{width,
                {Values(left), random_flags(left, seed), testing::sample(left, 64, seed + 1),
                 testing::sample(left, 7, seed + 2)},
                {Values(right), random_flags(right, seed + 3), {}, {}}};
  for (std::size_t i = 0; i < left; ++i) tables.left.key[i] = (i + 1) * stride;
  std::ranges::shuffle(tables.left.key, draw);
  for (auto& key : tables.right.key) key = draw() % (left + 1) * stride + draw() % 8 / 7;
  return tables;
}

TEST_P(Join, GivesEachRightRowItsLeftRow) {
  const std::pair<std::size_t, std::size_t> sizes[] = {
      {0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 1}, {1, 2}, {301, 1003}, {1003, 302}, {32800, 201}};
  for (const auto& [left, right] : sizes) {
    const Tables tables = unique_left(left, right, 64, 1);
    const Answers expected = joined_in_the_clear(tables);
    ASSERT_EQ(expected.repeated, 0u);
    EXPECT_EQ(joined(tables), expected) << left << " and " << right << " rows";
  }
}

TEST_P(Join, TakesTheFirstOfEqualLeftKeysAndCountsTheOthers) {
  for (const int width : {1, 3, 5, 64}) {
    Tables tables = unique_left(701, 700, 64, 2);
    tables.key_width = width;
    tables.left.key = testing::sample(701, width, 3);  // every third an extreme
    tables.right.key = testing::sample(700, width, 4);
    const Answers expected = joined_in_the_clear(tables);
    ASSERT_GT(expected.repeated, 0u);
    EXPECT_EQ(joined(tables), expected) << width << " bits";
  }
}

TEST_P(Join, LeavesOutInvalidRows) {
  for (const auto& [left, right] : {std::pair{0, 1}, std::pair{1, 0}, std::pair{0, 0}}) {
    Tables tables = unique_left(200, 300, 64, 5);
    std::ranges::fill(tables.left.valid, left);
    std::ranges::fill(tables.right.valid, right);
    const Answers answers = joined(tables);
    EXPECT_EQ(answers, joined_in_the_clear(tables));
    EXPECT_EQ(answers.found, Values(300, 0));
    EXPECT_EQ(answers.value, Values(300, 0));
  }
}

// An invalid row that lies before the valid one with its key must not answer in its place.
TEST_P(Join, FindsTheValidRowBehindAnInvalidOne) {
  const Tables tables{64, {{7, 7, 7}, {0, 1, 0}, {10, 20, 30}, {1, 2, 3}}, {{7}, {1}, {}, {}}};
  EXPECT_EQ(joined(tables), (Answers{{1}, {20}, {2}, 0}));
}

TEST_P(Join, OneLeftRowServesAllRightRows) {
  Tables tables = unique_left(1, 500, 64, 6);
  tables.left.valid = {1};
  std::ranges::fill(tables.right.key, tables.left.key[0]);
  std::ranges::fill(tables.right.valid, 1);
  EXPECT_EQ(joined(tables).value, Values(500, tables.left.value[0]));
}

TEST_P(Join, TakesKeysOfTwoWordsAndNoColumns) {
  testing::run(GetParam(), [&](Party& party) {
    const Values left{1, 2, 1, 3}, right{1, 3, 2, 2, 9, 9};  // two, three, three words each
    const Bits left_key = party.input_bits(left, 2, 128),
               right_key = party.input_bits(right, 3, 128),
               left_valid = party.input_bits({1, 1}, 1),
               right_valid = party.input_bits({1, 1, 1}, 1);
    const Joined found =
        join(party.mpc(), {&left_key, &left_valid}, {}, {&right_key, &right_valid});
    EXPECT_EQ(opened(party, found.found), (Values{1, 0, 0}));
    EXPECT_TRUE(found.columns.empty());
  });
}

// A sort's rounds depend on the order it opens, and both sorts open the same: the nodes' keys are
// equal, and so are all draws before.
TEST(JoinOnFixedKeys, TakesTheRoundsItStates) {
  const Tables tables = unique_left(500, 700, 64, 7);
  const auto rounds = [&](auto&& work) {
    std::uint64_t taken = 0;
    testing::record(1, Recording::Keep::lengths, [&](Party& party) {
      const Shared left(party, tables.left, 64), right(party, tables.right, 64);
      const Bits value = party.input_bits(tables.left.value, 64);
      const Costs costs = cost_of(party.mpc(), [&] { work(party.mpc(), left, right, value); });
      if (party.role() == 0) taken = costs.rounds;
    });
    return taken;
  };
  const auto of_join = rounds([](Protocol& mpc, auto& left, auto& right, auto& value) {
    join(mpc, left.rows(), {value}, right.rows());
  });
  const auto of_sort = rounds([](Protocol& mpc, auto& left, auto& right, auto&) {
    const Bits none = mpc.constant(700, 1, 0), valid = concat({&left.valid, &none}),
               others = mpc.bit_not(valid), key = concat({&left.key, &right.key});
    sort_key(mpc, join_bits({&others, &key}), Bits(mpc.components(), 1200, 0));
  });
  const auto of_copy = rounds([](Protocol& mpc, auto&, auto&, auto&) {
    segmented_broadcast(mpc, mpc.constant(1200, 1, 0), mpc.constant(1200, 64, 0));
  });
  EXPECT_EQ(of_join, of_sort + of_copy + 11 + 6);
}

POLDER_EVERY_PROTOCOL(Join);

}  // namespace
}  // namespace polder
