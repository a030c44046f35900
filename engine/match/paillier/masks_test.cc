#include "match/paillier/masks.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "match/testing/every_bit.h"

namespace polder {
namespace {

constexpr std::size_t rows = 4000;

/// Published code drew 7 bits. Here one that is never drawn would be a bit that is not hidden.
TEST(Masks, HaveAllTheirBits) {
  constexpr std::uint64_t range = 16;
  for (const int mask_bits : {7, 45, 59}) {
    const Masks masks = draw_masks(rows, range, mask_bits);
    Words times;
    for (std::size_t i = 0; i < rows; ++i) {
      const std::uint64_t low = masks.numbers[2 * i], high = masks.numbers[2 * i + 1];
      EXPECT_EQ(low % range, masks.residues[i]);
      EXPECT_EQ(high, 0U);
      times.push_back(low / range);
    }
    testing::expect_every_bit_drawn(times, mask_bits);
  }
}

/// What is cut off would hide nothing: a run that needs longer masks is refused, not weakened.
TEST(Masks, LongerThanAWordAreRefused) {
  EXPECT_NO_THROW(draw_masks(1, 3, 64));
  EXPECT_THROW(draw_masks(1, 3, 65), Error);
}

TEST(Masks, ReachEveryResidue) {
  for (const std::uint64_t range : {2, 3, 5, 64, 65}) {
    const Masks masks = draw_masks(rows, range, 45);
    const std::set<std::uint64_t> seen(masks.residues.begin(), masks.residues.end());
    EXPECT_EQ(seen.size(), range);
    EXPECT_EQ(*seen.rbegin(), range - 1);
  }
}

}  // namespace
}  // namespace polder
