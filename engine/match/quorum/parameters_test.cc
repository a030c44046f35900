#include "match/quorum/parameters.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

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

/// All errors of a run together, in log2, from the sizes that were chosen.
double log2_of_errors(int t, std::uint64_t bound) {
  const Parameters p = parameters(t, 2, true, bound);
  const double pairs = static_cast<double>(p.bins) * (t - 1);
  const double bins = std::exp2(-44);                        // placement_test
  const double targets = pairs * std::exp2(-p.target_bits);  // random values that are equal
  const double hints = std::exp2(-43);                       // key_value_store_test
  const double code = 5 * static_cast<double>(bound) * (t - 1) * std::exp2(-66.5);  // oprf_test
  const double factor = static_cast<double>(p.bins) * std::exp2(-60.9);  // a random factor is 0
  return std::log2(bins + targets + hints + code + factor);
}

TEST(Parameters, ErrorsOfAWholeRunStayBelowTwoToMinus40) {
  for (const auto& [t, bound] :
       {std::pair(2, 1), std::pair(3, 4), std::pair(50, 512), std::pair(64, 1024),
        std::pair(10, 65'536), std::pair(3, 400'000)}) {
    EXPECT_LT(log2_of_errors(t, static_cast<std::uint64_t>(bound)), -40) << t << " x " << bound;
  }
}

TEST(Parameters, RefuseBoundsThatTheErrorsDoNotAllow) {
  EXPECT_NO_THROW(parameters(10, 2, true, 65'536));
  EXPECT_THROW(parameters(10, 2, true, 200'000), Error);
  EXPECT_THROW(parameters(3, 2, true, ~std::uint64_t{0}), Error);
}

}  // namespace
}  // namespace polder::quorum
