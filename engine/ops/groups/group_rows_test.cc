#include "ops/groups/group_rows.h"

#include <algorithm>
#include <numeric>

#include "ops/groups/segment_bounds.h"
#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

/// Rows sorted by key, with values of every kind.
struct Sample {
  Values key, value, narrow;
};

/// Keys in runs of random length up to `longest`.
Sample runs(std::size_t n, std::size_t longest, unsigned seed) {
  std::mt19937_64 draw(seed);
  Sample rows{Values(n), testing::sample(n, 64, seed), testing::sample(n, 7, seed + 1)};
  for (std::size_t i = 0, left = 0, key = 0; i < n; ++i, --left) {
    if (left == 0) left = 1 + draw() % longest, ++key;
    rows.key[i] = key;
  }
  return rows;
}

/// Random groups, single rows, one group of all.
std::vector<Sample> samples(std::size_t n) {
  return {runs(n, 9, 1), runs(n, 1, 2), [n] {
            Sample one = runs(n, 1, 3);
            std::ranges::fill(one.key, 5);
            return one;
          }()};
}

struct Group {
  std::uint64_t first = 0, last = 0, sum = 0, count = 0, first_narrow = 0, last_narrow = 0;
};

/// The oracle: one group a run of equal keys.
std::vector<Group> groups_of(const Sample& rows) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < rows.key.size(); ++i) {
    if (i == 0 || rows.key[i] != rows.key[i - 1])
      groups.push_back({.first = rows.value[i], .first_narrow = rows.narrow[i]});
    Group& group = groups.back();
    group.last = rows.value[i], group.last_narrow = rows.narrow[i];
    group.sum += rows.value[i], ++group.count;
  }
  return groups;
}

/// For each row the number of its group.
std::vector<std::size_t> group_numbers(const Sample& rows) {
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < rows.key.size(); ++i)
    numbers.push_back(i == 0 ? 0 : numbers[i - 1] + (rows.key[i] != rows.key[i - 1]));
  return numbers;
}

class GroupRowsTest : public testing::Operator {
 protected:
  struct Shared {
    Bits segment_flags;
    GroupColumns columns;
  };
  static Shared share(Party& party, const Sample& rows) {
    const Arith value = party.input(rows.value);
    const Bits narrow = party.input_bits(rows.narrow, 7);
    return {segment_starts(party.mpc(), party.input_bits(rows.key, 20)),
            {.first = {value, narrow},
             .last = {narrow, value},
             .sum = {value, party.mpc().constant(rows.key.size(), 1)}}};
  }
  static std::vector<Group> opened_groups(Party& party, const GroupColumns& columns) {
    const Values first = opened(party, columns.first[0]), last = opened(party, columns.last[1]),
                 sum = opened(party, columns.sum[0]), count = opened(party, columns.sum[1]),
                 first_narrow = opened(party, columns.first[1]),
                 last_narrow = opened(party, columns.last[0]);
    std::vector<Group> groups;
    for (std::size_t i = 0; i < first.size(); ++i)
      groups.push_back({first[i], last[i], sum[i], count[i], first_narrow[i], last_narrow[i]});
    return groups;
  }
};

void expect_equal(const Group& group, const Group& expected) {
  EXPECT_EQ(group.first, expected.first);
  EXPECT_EQ(group.last, expected.last);
  EXPECT_EQ(group.sum, expected.sum);
  EXPECT_EQ(group.count, expected.count);
  EXPECT_EQ(group.first_narrow, expected.first_narrow);
  EXPECT_EQ(group.last_narrow, expected.last_narrow);
}

TEST_P(GroupRowsTest, GivesOneRowAGroup) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const Sample& rows : samples(n)) {
      const std::vector<Group> expected = groups_of(rows);
      testing::run(GetParam(), [&](Party& party) {
        Shared shared = share(party, rows);
        const GroupRows found =
            group_rows(party.mpc(), shared.segment_flags, std::move(shared.columns));
        const std::vector<Group> groups = opened_groups(party, found.columns);
        const Values valid = opened(party, found.valid);
        ASSERT_EQ(groups.size(), n);
        for (std::size_t i = 0; i < n; ++i) {
          ASSERT_EQ(valid[i], i < expected.size());
          if (i < expected.size()) {
            ASSERT_NO_FATAL_FAILURE(expect_equal(groups[i], expected[i]));
          } else {
            ASSERT_EQ(groups[i].sum, 0u);
            ASSERT_EQ(groups[i].count, 0u);
          }
        }
      });
    }
  }
}

TEST_P(GroupRowsTest, SpreadsTheValuesOverTheGroup) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const Sample& rows : samples(n)) {
      const std::vector<Group> expected = groups_of(rows);
      const std::vector<std::size_t> number = group_numbers(rows);
      testing::run(GetParam(), [&](Party& party) {
        Shared shared = share(party, rows);
        const std::vector<Group> in_rows = opened_groups(
            party,
            segmented_aggregates(party.mpc(), shared.segment_flags, std::move(shared.columns)));
        ASSERT_EQ(in_rows.size(), n);
        for (std::size_t i = 0; i < n; ++i) expect_equal(in_rows[i], expected[number[i]]);
      });
    }
  }
}

TEST_P(GroupRowsTest, SumsOfGroupsMakeTheTotal) {
  const Sample rows = runs(5001, 20, 4);
  EXPECT_EQ(arith([&](Party& party) {
              Shared shared = share(party, rows);
              return total(group_rows(party.mpc(), shared.segment_flags, std::move(shared.columns))
                               .columns.sum[0]);
            }),
            Values{std::accumulate(rows.value.begin(), rows.value.end(), std::uint64_t{0})});
}

TEST_P(GroupRowsTest, TakesTheRoundsItStates) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  for (const std::size_t n : {100, 10000}) {
    const Sample rows = runs(n, 9, 5);
    testing::run(GetParam(), [&](Party& party) {
      Protocol& mpc = party.mpc();
      const Shared shared = share(party, rows);
      const GroupColumns numbers{
          .first = {shared.columns.sum[0]}, .last = {}, .sum = shared.columns.sum};
      EXPECT_EQ(cost_of(mpc, [&] { group_rows(mpc, shared.segment_flags, shared.columns); }).rounds,
                7u);
      EXPECT_EQ(
          cost_of(mpc, [&] { segmented_aggregates(mpc, shared.segment_flags, numbers); }).rounds,
          10u);
      EXPECT_EQ(
          cost_of(mpc, [&] { segmented_aggregates(mpc, shared.segment_flags, shared.columns); })
              .rounds,
          11u);
    });
  }
}

POLDER_EVERY_PROTOCOL(GroupRowsTest);

}  // namespace
}  // namespace polder
