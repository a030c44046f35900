#include "ops/groups/segment_bounds.h"

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using testing::Party;
using testing::Values;

class SegmentBounds : public testing::Operator {
 protected:
  /// Against the oracle, which looks at both neighbours.
  void expect_bounds(const Values& key, int width) {
    const std::size_t n = key.size();
    Values segment_flags(n), ends(n);
    for (std::size_t i = 0; i < n; ++i) {
      segment_flags[i] = i == 0 || key[i] != key[i - 1];
      ends[i] = i + 1 == n || key[i] != key[i + 1];
    }
    EXPECT_EQ(bits([&](Party& party) {
                return segment_starts(party.mpc(), party.input_bits(key, width));
              }),
              segment_flags);
    EXPECT_EQ(bits([&](Party& party) {
                return segment_ends(party.mpc(), party.input_bits(segment_flags, 1));
              }),
              ends);
  }
};

TEST_P(SegmentBounds, AreWhereKeysChange) {
  for (const std::size_t n : testing::edge_sizes) {
    for (const int width : {1, 20, 64}) {
      Values key = testing::sample(n, width, 1);
      expect_bounds(key, width);  // the extremes among them repeat
      for (std::size_t i = 0; i < n; ++i)
        key[i] = i / 5 & low_bits(static_cast<std::size_t>(width));
      expect_bounds(key, width);
    }
    expect_bounds(Values(n, 7), 3);
  }
}

TEST_P(SegmentBounds, StartAGroupOfTheKeyZeroAtRowZero) { expect_bounds({0, 0, 1}, 1); }

POLDER_EVERY_PROTOCOL(SegmentBounds);

}  // namespace
}  // namespace polder
