#include "match/quorum/parameters.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "match/quorum/sharing/root_product.h"

namespace polder::quorum {
namespace {

Parameters parameters(int parties, std::uint64_t threshold, bool flags, std::uint64_t bound) {
  return {
      parties,
      {0, threshold, flags, std::vector<std::uint64_t>(static_cast<std::size_t>(parties), bound)}};
}

TEST(Parameters, ColludersAreFewerThanHalf) {
  for (int t = 2; t <= 64; ++t) {
    const int colluders = parameters(t, 1, true, 1).colluders;
    EXPECT_EQ(colluders, t % 2 == 1 ? t / 2 : t / 2 - 1);
    EXPECT_LT(2 * colluders, t);
  }
}

/// The product's roots split the numbers of other holders exactly by the threshold.
TEST(Parameters, RootsAreThoseBelowOrThoseFromTheThresholdOn) {
  for (int t = 2; t <= 64; ++t) {
    for (std::uint64_t threshold = 1; threshold <= static_cast<std::uint64_t>(t); ++threshold) {
      for (const bool flags : {true, false}) {
        const Roots roots = parameters(t, threshold, flags, 1).roots;
        for (std::uint64_t others = 0; others < static_cast<std::uint64_t>(t); ++others) {
          const bool zero = others >= roots.first && others < roots.first + roots.count;
          ASSERT_EQ(zero == (roots.enough == Enough::zero), others + 1 >= threshold);
        }
        EXPECT_TRUE(!flags || roots.enough == Enough::not_zero);
        EXPECT_TRUE(flags || roots.count <= static_cast<std::uint64_t>(t) / 2);
      }
    }
  }
}

/// All errors of a run together, in log2, from the sizes that were chosen. The highest threshold
/// takes the most masks.
double log2_of_errors(int t, std::uint64_t bound) {
  const Parameters p = parameters(t, static_cast<std::uint64_t>(t), true, bound);
  const double slices = static_cast<double>(p.slices),
               all_bins = static_cast<double>(p.bins) * slices;
  const double pairs = all_bins * (t - 1);
  const double bins = std::exp2(-44);                          // placement_test
  const double overflow = p.slices == 1 ? 0 : std::exp2(-43);  // largest_part_test
  const double targets = pairs * std::exp2(-p.target_bits);    // random values that are equal
  const double opprf_hints = std::exp2(-43);                   // okvs_test
  const double entries = 5 * static_cast<double>(p.bounds[0]) * slices * (t - 1);
  const double code = entries * std::exp2(-102);  // oprf_test
  // All random factors of a bin are 0.
  const double factor = all_bins * std::exp2(-60.9 * static_cast<double>(p.openings));
  // Masks that are not uniformly random: four for each bin and bank, and what pairs of banks draw
  // in a slice, which is less than three numbers for each mask of the slice.
  const double counts = 4 * pairs * std::exp2(-122);
  const auto products = static_cast<double>(RootProduct(p.roots).products(2));
  const double masks =
      static_cast<double>(p.bins) * (2 + static_cast<double>(p.openings) * (1 + products));
  const double sharings = slices * std::pow(3 * t * masks, 2) * std::exp2(-124);
  return std::log2(bins + overflow + targets + opprf_hints + code + factor + counts + sharings);
}

TEST(Parameters, ErrorsOfAWholeRunStayBelowTwoToMinus40) {
  for (const auto& [t, bound] :
       {std::pair(2, 1), std::pair(3, 4), std::pair(50, 512), std::pair(64, 1024),
        std::pair(10, 65'536), std::pair(3, 400'000), std::pair(10, 1'000'000),
        std::pair(3, 10'000'000), std::pair(64, 1 << 30)}) {
    EXPECT_LT(log2_of_errors(t, static_cast<std::uint64_t>(bound)), -40) << t << " x " << bound;
  }
}

TEST(Parameters, LargeTablesAreCutIntoSlicesThatHoldThem) {
  EXPECT_EQ(parameters(10, 2, true, 65'536).slices, 1u);
  const Parameters large = parameters(3, 2, true, 10'000'000);
  EXPECT_EQ(large.slices, 153u);
  EXPECT_GT(large.bounds[0], 10'000'000u / 153);
  EXPECT_LT(large.bounds[0], 10'000'000u / 153 + 3'000);
  EXPECT_EQ(large.target_bits, 68);
  EXPECT_EQ(large.value_words(), 2u);
  EXPECT_EQ(large.openings, 2u);
}

/// A small table beside a large one: its slices keep room for what no slice can lack.
TEST(Parameters, ASmallTablesSlicesAreNotTooSmall) {
  const Parameters p(3, {0, 2, true, {10, 0, 10'000'000}});
  EXPECT_EQ(p.bounds[0], 1024u);
  EXPECT_EQ(p.bounds[1], 1024u);
}

TEST(Parameters, RefuseBoundsBeyondAllUse) {
  EXPECT_NO_THROW(parameters(64, 2, true, std::uint64_t{1} << 30));
  EXPECT_THROW(parameters(3, 2, true, (std::uint64_t{1} << 30) + 1), Error);
  EXPECT_THROW(parameters(3, 2, true, ~std::uint64_t{0}), Error);
}

}  // namespace
}  // namespace polder::quorum
