#include "ops/order/radix_sort.h"

#include <algorithm>
#include <numeric>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

/// The oracle: old row numbers as std::stable_sort orders them.
Values sorted_numbers(const Values& keys) {
  Values numbers(keys.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  std::ranges::stable_sort(numbers, {}, [&](std::uint64_t i) { return keys[i]; });
  return numbers;
}

class RadixSort : public testing::Operator {
 protected:
  void expect_sorted(const Values& keys, int width, int digit_bits) {
    Values numbers(keys.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    const Values expected = sorted_numbers(keys);
    testing::run(GetParam(), [&](Party& party) {
      Protocol& mpc = party.mpc();
      const Bits key = party.input_bits(keys, width), carried = party.input_bits(numbers, 20);
      const Arith number = party.input(numbers);
      const auto opened = [&](const auto& column) { return mpc.open(column, all_nodes); };

      const Sorted sorted = radix_sort(mpc, key, carried, digit_bits);
      const Words sorted_keys = opened(sorted.keys).rows();
      EXPECT_TRUE(std::ranges::equal(opened(sorted.carried).rows(), expected));
      for (std::size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(sorted_keys[i], keys[expected[i]]);

      const auto moved = sorted.order.apply({number});
      EXPECT_TRUE(std::ranges::equal(opened(std::get<Arith>(moved[0])), expected));
      const auto back = sorted.order.invert(moved);
      EXPECT_TRUE(std::ranges::equal(opened(std::get<Arith>(back[0])), numbers));
    });
  }
};

TEST_P(RadixSort, IsAStableSortOfEverySizeAndWidth) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const int width : {1, 2, 3, 4, 7, 20, 64}) {
      if (n > 10000 && width > 7) continue;
      expect_sorted(testing::sample(n, width, 1), width, 3);  // the extremes among them repeat
    }
  }
}

TEST_P(RadixSort, TakesDigitsOfEveryWidth) {
  const Values keys = testing::sample(300, 11, 2);
  for (int bits = 1; bits <= 8; ++bits) expect_sorted(keys, 11, bits);
}

TEST_P(RadixSort, TakesSortedReversedAndEqualKeys) {
  Values keys(1000);
  std::iota(keys.begin(), keys.end(), 0);
  expect_sorted(keys, 10, 2);
  std::ranges::reverse(keys);
  expect_sorted(keys, 10, 2);
  expect_sorted(Values(1000, 5), 10, 2);
}

TEST_P(RadixSort, TakesTheRoundsItStates) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  const Values keys = testing::sample(1000, 8, 3);
  testing::run(GetParam(), [&](Party& party) {
    Protocol& mpc = party.mpc();
    const Bits key = party.input_bits(keys, 8);
    const auto rounds = [&](int width, int digit_bits) {
      const Bits part = polder::bits(key, 0, width);
      return cost_of(mpc, [&] { radix_order(mpc, part, digit_bits); }).rounds;
    };
    EXPECT_EQ(rounds(2, 2), 8u);
    EXPECT_EQ(rounds(8, 1), 4u + 8 * 7);
    EXPECT_EQ(rounds(8, 2), 4u + 4 * 8);
    EXPECT_EQ(rounds(8, 3), 4u + 9 + 9 + 8);
  });
}

POLDER_EVERY_PROTOCOL(RadixSort);

}  // namespace
}  // namespace polder
