#include "ops/groups/segmented_scan.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

/// Starts of groups of 1 to `longest` rows, the first one as long as can be.
Values segment_starts_of(std::size_t n, std::size_t longest, unsigned seed) {
  std::mt19937_64 draw(seed);
  Values segment_flags(n, 0);
  for (std::size_t i = 0; i < n; i += i == 0 ? longest : 1 + draw() % longest) segment_flags[i] = 1;
  return segment_flags;
}

/// A few set bits.
Values sparse(std::size_t n, int width, unsigned seed) {
  std::mt19937_64 draw(seed);
  Values values(n);
  for (auto& value : values)
    value = draw() & draw() & draw() & low_bits(static_cast<std::size_t>(width));
  return values;
}

// The oracles go from row to row.

Values segmented_prefix_or_of(const Values& segment_flags, const Values& x) {
  Values any = x;
  for (std::size_t i = 1; i < x.size(); ++i) any[i] |= segment_flags[i] ? 0 : any[i - 1];
  return any;
}

Values any_of_group(const Values& segment_flags, const Values& x) {
  Values any = segmented_prefix_or_of(segment_flags, x);
  for (std::size_t i = x.size(); i-- > 1;) any[i - 1] = segment_flags[i] ? any[i - 1] : any[i];
  return any;
}

Values first_of_group(const Values& segment_flags, const Values& x) {
  Values first = x;
  for (std::size_t i = 1; i < x.size(); ++i) first[i] = segment_flags[i] ? x[i] : first[i - 1];
  return first;
}

class SegmentedScan : public testing::Operator {
 protected:
  void expect_scans(const Values& segment_flags, int width, const Values& x, GroupBound bound) {
    const auto scanned = [&](auto* scan) {
      return bits([&](Party& party) {
        return scan(party.mpc(), party.input_bits(segment_flags, 1), party.input_bits(x, width),
                    bound);
      });
    };
    EXPECT_EQ(scanned(segmented_prefix_or), segmented_prefix_or_of(segment_flags, x));
    EXPECT_EQ(scanned(segmented_or), any_of_group(segment_flags, x));
    EXPECT_EQ(scanned(segmented_broadcast), first_of_group(segment_flags, x));
  }
};

TEST_P(SegmentedScan, ReachesTheWholeGroup) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const int width : {1, 11}) {
      const Values x = sparse(n, width, 1);
      expect_scans(segment_starts_of(n, 1, 2), width, x, {.longest = 1});
      expect_scans(segment_starts_of(n, 2, 2), width, x, {.longest = 2});
      expect_scans(segment_starts_of(n, 7, 3), width, x, {.longest = 7});
      expect_scans(segment_starts_of(n, 64, 4), width, x, {.longest = 64});
      expect_scans(segment_starts_of(n, std::max<std::size_t>(n, 1), 5), width, x, {});
      expect_scans(segment_starts_of(n, 300, 6), width, x, {});
    }
  }
}

TEST_P(SegmentedScan, ReachesFromTheFirstRowToTheLast) {
  Values segment_flags(1000, 0), first(1000, 0), last(1000, 0);
  segment_flags[0] = first[0] = last[999] = 1;
  expect_scans(segment_flags, 1, first, {});
  expect_scans(segment_flags, 1, last, {});
  expect_scans(segment_flags, 1, Values(1000, 0), {});
  expect_scans(segment_flags, 1, Values(1000, 1), {});
}

TEST_P(SegmentedScan, TakesTheRoundsItStates) {
  if (GetParam() == "cleartext") GTEST_SKIP() << "no rounds";
  const Values segment_flags = segment_starts_of(1000, 50, 7), x = sparse(1000, 3, 8);
  testing::run(GetParam(), [&](Party& party) {
    Protocol& mpc = party.mpc();
    const Bits groups = party.input_bits(segment_flags, 1), rows = party.input_bits(x, 3);
    const auto rounds = [&](auto* scan, GroupBound bound) {
      return cost_of(mpc, [&] { scan(mpc, groups, rows, bound); }).rounds;
    };
    EXPECT_EQ(rounds(segmented_prefix_or, {.longest = 50}), 7u);
    EXPECT_EQ(rounds(segmented_or, {.longest = 50}), 8u);
    EXPECT_EQ(rounds(segmented_broadcast, {.longest = 50}), 10u);  // thrice in pairs
    EXPECT_EQ(rounds(segmented_prefix_or, {}), 11u);
    EXPECT_EQ(rounds(segmented_broadcast, {.longest = 1}), 1u);
  });
}

POLDER_EVERY_PROTOCOL(SegmentedScan);

}  // namespace
}  // namespace polder
