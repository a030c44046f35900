#include "ops/order/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "base/error.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::Party;
using Values = std::vector<std::uint64_t>;

Values random_keys(std::size_t n, int width, std::size_t distinct, unsigned seed) {
  std::mt19937_64 draw(seed);
  Values pool(distinct), keys(n);
  for (auto& value : pool) value = draw() & low_bits(static_cast<std::size_t>(width));
  for (auto& key : keys) key = pool[draw() % pool.size()];
  return keys;
}

/// The oracle: the order in which std::stable_sort puts the rows.
template <typename Less>
Values stable_order(std::size_t n, Less less) {
  Values order(n);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, less);
  return order;
}

class Sort : public ::testing::TestWithParam<std::string> {
 protected:
  /// Opens the old row numbers in their new order.
  void expect_order(const Values& expected, const std::function<RowOrder(Party&)>& sorted) {
    Values numbers(expected.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    testing::run(GetParam(), [&](Party& party) {
      const RowOrder order = sorted(party);
      const std::vector<Column> moved = order.apply({party.input(numbers)});
      EXPECT_TRUE(
          std::ranges::equal(party.mpc().open(std::get<Arith>(moved[0]), all_nodes), expected));
      const std::vector<Column> back = order.invert(moved);
      EXPECT_TRUE(
          std::ranges::equal(party.mpc().open(std::get<Arith>(back[0]), all_nodes), numbers));
    });
  }
};

TEST_P(Sort, IsAStableSortOfEverySize) {
  for (const std::size_t n : {0, 1, 2, 3, 4, 100, 255, 256, 1001, 20000}) {
    for (const std::size_t distinct :
         {std::size_t{1}, std::size_t{5}, std::max<std::size_t>(n, 1)}) {
      const Values keys = random_keys(n, 33, distinct, 1);
      expect_order(stable_order(n, [&](auto a, auto b) { return keys[a] < keys[b]; }),
                   [&](Party& party) {
                     const Bits key = party.input_bits(keys, 33);
                     return sort_keys(party.mpc(), std::array{SortKey{&key}}).order;
                   });
    }
  }
}

TEST_P(Sort, TakesSortedAndReversedRows) {
  Values keys(3000);
  std::iota(keys.begin(), keys.end(), 0);
  for (int turn = 0; turn < 2; ++turn, std::ranges::reverse(keys)) {
    expect_order(stable_order(keys.size(), [&](auto a, auto b) { return keys[a] < keys[b]; }),
                 [&](Party& party) {
                   const Bits key = party.input_bits(keys, 12);
                   return sort_keys(party.mpc(), std::array{SortKey{&key}}).order;
                 });
  }
}

/// Whatever the number of rows: there would be nothing whose comparisons could be opened.
TEST_P(Sort, RefusesKeysWithoutBits) {
  for (const std::size_t n : {0, 1, 2, 3, 300}) {
    const auto refused = [&](const std::function<void(Party&, const Bits&)>& sorted) {
      try {
        testing::run(GetParam(), [&](Party& party) {
          const Bits some = party.input_bits(Values(n), 1);
          sorted(party, Bits(some.components(), n, 0));
        });
        ADD_FAILURE() << "sorted " << n;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), Code::bad_schema) << error.what();
      }
    };
    refused(
        [](Party& party, const Bits& key) { sort_keys(party.mpc(), std::array{SortKey{&key}}); });
    refused([](Party& party, const Bits& key) { sort_key(party.mpc(), key, key); });
    refused([&](Party& party, const Bits& key) {
      sort(party.mpc(), std::array{SortKey{&key}}, {party.input(Values(n))});
    });
  }
}

TEST_P(Sort, TakesSeveralKeysWithDirectionAndSign) {
  const std::size_t n = 700;
  const Values first = random_keys(n, 2, 4, 1), second = random_keys(n, 64, 9, 2),
               third = random_keys(n, 1, 2, 3);
  const auto order = stable_order(n, [&](auto a, auto b) {
    const auto key = [&](auto i) {
      return std::tuple(~first[i], static_cast<std::int64_t>(second[i]), third[i]);
    };
    return key(a) < key(b);
  });
  expect_order(order, [&](Party& party) {
    const Bits a = party.input_bits(first, 2), b = party.input_bits(second, 64),
               c = party.input_bits(third, 1);
    return sort_keys(party.mpc(),
                     std::array{SortKey{&a, Direction::descending},
                                SortKey{&b, Direction::ascending, Sign::with}, SortKey{&c}})
        .order;
  });
}

TEST_P(Sort, DescendsSignedKeys) {
  const Values keys{0, 1, ~std::uint64_t{0}, std::uint64_t{1} << 63, low_bits(63), 1};
  expect_order({4, 1, 5, 0, 2, 3}, [&](Party& party) {
    const Bits key = party.input_bits(keys, 64);
    return sort_keys(party.mpc(), std::array{SortKey{&key, Direction::descending, Sign::with}})
        .order;
  });
}

TEST_P(Sort, GivesTheSortedKeysAndWhatTheyCarry) {
  const std::size_t n = 900;
  const Values keys = random_keys(n, 60, 300, 1), payload = random_keys(n, 7, 128, 2);
  const auto order = stable_order(n, [&](auto a, auto b) { return keys[a] < keys[b]; });
  testing::run(GetParam(), [&](Party& party) {
    const Bits key = party.input_bits(keys, 60), carried = party.input_bits(payload, 7);
    const Sorted sorted = sort_keys(party.mpc(), std::array{SortKey{&key}}, &carried);
    const Words opened_keys = party.mpc().open(sorted.keys, all_nodes).rows();
    const Words opened_payload = party.mpc().open(sorted.carried, all_nodes).rows();
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_EQ(opened_keys[i], keys[order[i]]);
      ASSERT_EQ(opened_payload[i], payload[order[i]]);
    }
  });
}

TEST_P(Sort, MovesWholeColumns) {
  const Values keys{3, 1, 2}, payload{30, 10, 20};
  testing::run(GetParam(), [&](Party& party) {
    const Bits key = party.input_bits(keys, 2);
    const auto rows = sort(party.mpc(), std::array{SortKey{&key}}, {party.input(payload), key});
    EXPECT_EQ(party.mpc().open(std::get<Arith>(rows[0]), all_nodes), (Words{10, 20, 30}));
    EXPECT_EQ(party.mpc().open(std::get<Bits>(rows[1]), all_nodes).rows(), (Words{1, 2, 3}));
  });
}

/// Rows by a key and, descending, a signed one below it, with what they carry, against the oracle.
void expect_sorted_at_distance(double rows_per_round, std::size_t n, int width) {
  const Values first = random_keys(n, width, n / 3 + 1, 1), second = random_keys(n, 2, 4, 2);
  const auto joined = [&](std::uint64_t i) { return first[i] << 2 | (second[i] ^ 1); };
  const Values order = stable_order(n, [&](auto a, auto b) { return joined(a) < joined(b); });
  Values numbers(n), keys(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  std::ranges::transform(order, keys.begin(), joined);
  testing::run_at_distance(
      {.blocks = {}, .inquiries = {}, .rows_per_round = rows_per_round}, [&](Party& party) {
        Protocol& mpc = party.mpc();
        const Bits a = party.input_bits(first, width), b = party.input_bits(second, 2),
                   carried = party.input_bits(numbers, 16);
        const SortKey by[] = {{&a}, {&b, Direction::descending, Sign::with}};

        const Sorted sorted = sort_keys(mpc, by, &carried);
        EXPECT_TRUE(std::ranges::equal(mpc.open(sorted.keys, all_nodes).rows(), keys));
        EXPECT_TRUE(std::ranges::equal(mpc.open(sorted.carried, all_nodes).rows(), order));
        const auto back = sorted.order.invert({sorted.carried});
        EXPECT_TRUE(
            std::ranges::equal(mpc.open(std::get<Bits>(back[0]), all_nodes).rows(), numbers));

        const auto moved = sort(mpc, by, {party.input(numbers)});
        EXPECT_TRUE(std::ranges::equal(mpc.open(std::get<Arith>(moved[0]), all_nodes), order));
      });
}

// 1,003 rows of 6 or 10 bits are sorted digit by digit near, by comparisons far away.
TEST(SortAtDistance, GivesTheSameWhicheverWayIsChosen) {
  for (const std::size_t n : {0, 1, 2, 3, 255, 1003}) {
    for (const int width : {1, 2, 4, 8, 10, 14}) {
      for (const double rows_per_round : {0.0, 1e5}) {
        SCOPED_TRACE(::testing::Message()
                     << n << " rows, " << width << " bits, " << rows_per_round);
        expect_sorted_at_distance(rows_per_round, n, width);
      }
    }
  }
}

/// Rounds of a sort between nodes with so much under way; its result is
/// checked.
std::uint64_t rounds_of_sort(const rep3::Schedule& schedule, const Values& keys) {
  const Values expected =
      stable_order(keys.size(), [&](auto a, auto b) { return keys[a] < keys[b]; });
  Values numbers(keys.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  std::array<std::uint64_t, 3> rounds{};
  testing::run_at_distance(schedule, [&](Party& party) {
    const Bits key = party.input_bits(keys, keys.size(), 33);
    std::vector<Column> moved;
    const Costs costs = cost_of(
        party.mpc(), [&] { moved = sort(party.mpc(), {{{&key}}}, {party.input(numbers)}); });
    EXPECT_TRUE(
        std::ranges::equal(party.mpc().open(std::get<Arith>(moved[0]), all_nodes), expected));
    rounds[static_cast<std::size_t>(party.role())] = costs.rounds;
  });
  EXPECT_EQ(rounds[0], rounds[1]);
  EXPECT_EQ(rounds[0], rounds[2]);
  return rounds[0];
}

// Levels of a search made one, and several pivots: other comparisons, the same order.
TEST(SampleSort, IsRightAtEveryDistance) {
  for (const std::size_t n : {2, 3, 4, 7, 16, 100, 255, 256, 300, 5000}) {
    const Values keys = random_keys(n, 33, n / 2 + 1, 5);
    for (const double rows_per_round : {0.0, 200.0, 5e3, 1e5, 1e9}) {
      for (const std::size_t in_flight : {2, 8}) {
        EXPECT_GT(rounds_of_sort({.blocks = {in_flight, in_flight},
                                  .inquiries = {in_flight, 2},
                                  .rows_per_round = rows_per_round},
                                 keys),
                  0u)
            << n << " rows, " << rows_per_round;
      }
    }
  }
}

TEST(SampleSort, TakesFewerRoundsTheFartherTheNodes) {
  const Values keys = random_keys(60'000, 33, 60'000, 6);
  const std::uint64_t lan = rounds_of_sort(rep3::schedule_for({}), keys),
                      wan = rounds_of_sort(rep3::schedule_for(std::chrono::milliseconds(10)), keys);
  EXPECT_LT(lan, 300u);
  EXPECT_LT(wan, 90u);
}

INSTANTIATE_TEST_SUITE_P(All, Sort, ::testing::ValuesIn(testing::every_protocol()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace polder
