#include "match/quorum/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"

namespace polder::quorum {
namespace {

constexpr std::array<std::uint8_t, 16> salt{7};

Blocks identifiers(std::size_t n) {
  Blocks out;
  for (std::uint64_t i = 0; i < n; ++i) out.push_back({i, 0});
  return out;
}

TEST(Placement, HasOneBinInEachSubTable) {
  for (const std::uint64_t bins : {5, 25, 1000}) {
    for (const Places& at : Placement(bins, salt)(identifiers(200))) {
      for (std::size_t s = 0; s < places; ++s) EXPECT_EQ(at.bins[s] / (bins / places), s);
    }
  }
}

TEST(Placement, KeysAreDistinctAndLeaveTheCountersRoom) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  for (const Places& at : Placement(100, salt)(identifiers(2000))) {
    for (std::size_t s = 0; s < places; ++s) {
      EXPECT_EQ(at.key(s).low % 32, 0u);
      EXPECT_TRUE(seen.insert({at.key(s).low, at.key(s).high}).second);
    }
  }
}

TEST(Placement, DependsOnTheSalt) {
  const auto one = Placement(1000, salt)(identifiers(100));
  const auto two = Placement(1000, {8})(identifiers(100));
  std::size_t same = 0;
  for (std::size_t i = 0; i < 100; ++i) same += one[i].bins == two[i].bins;
  EXPECT_EQ(same, 0u);
}

/// Bins are even: each has its share of 50,000 identifiers, within six deviations.
TEST(Placement, FillsBinsEvenly) {
  std::vector<double> load(50, 0);
  for (const Places& at : Placement(50, salt)(identifiers(50'000))) {
    for (const std::uint32_t bin : at.bins) load[bin] += 1;
  }
  for (const double l : load) EXPECT_NEAR(l, 5000, 6 * std::sqrt(5000.0));
}

TEST(CuckooPlacement, GivesEachABinOfItsOwn) {
  for (const std::size_t n : {0, 1, 2, 3, 4, 5, 6, 7, 16, 64, 512, 3000, 70'000}) {
    const std::uint64_t bins = bins_for(n);
    const auto placed = Placement(bins, salt)(identifiers(n));
    const auto own = cuckoo_placement(placed, bins);
    ASSERT_EQ(own.size(), n);
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NE(std::ranges::find(placed[i].bins, own[i]), placed[i].bins.end());
    }
    EXPECT_EQ(std::set<std::uint32_t>(own.begin(), own.end()).size(), n);
  }
}

/// Six identifiers with five bins between them.
TEST(CuckooPlacement, SaysWhenThereIsNoWay) {
  const std::vector<Places> same(6, Places{{0, 1, 2, 3, 4}, {}});
  EXPECT_NO_THROW(cuckoo_placement(std::span(same).first(5), 5));
  EXPECT_THROW(cuckoo_placement(same, 5), Error);
}

double log_choose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

/// By Hall's theorem there is no way only if some s identifiers have at most s - 1 bins between
/// them. Summed over all sets of s identifiers and s - 1 bins, with d = 5 and b bins, the chance is
/// below C(n, s) C(b, s - 1) ((s - 1) / b)^(d s): the product over sub-tables of (bins there / (b /
/// d)) is at most ((s - 1) / b)^d. At s = d + 1 each sub-table has exactly one of the bins.
double log2_of_failure(double n, double b) {
  const double d = places;
  double sum = 0;
  for (double s = d + 1; s <= n; ++s) {
    const double bins_chosen = s == d + 1 ? d * std::log(b / d) : log_choose(b, s - 1);
    const double inside = s == d + 1 ? d / b : (s - 1) / b;
    sum += std::exp(log_choose(n, s) + bins_chosen + d * s * std::log(inside));
  }
  return std::log2(sum);
}

TEST(BinsFor, FailsBelowTwoToMinus44) {
  // With up to 2^16 slices, none of which has fewer rows than this.
  EXPECT_LT(log2_of_failure(1024, static_cast<double>(bins_for(1024))), -44 - 16);
  for (std::uint64_t n = 6; n <= 3000; ++n) {
    EXPECT_LT(log2_of_failure(static_cast<double>(n), static_cast<double>(bins_for(n))), -44) << n;
  }
  for (const std::uint64_t n : {4096, 10'000, 65'536, 100'000, 200'000}) {
    EXPECT_LT(log2_of_failure(static_cast<double>(n), static_cast<double>(bins_for(n))), -44) << n;
  }
}

}  // namespace
}  // namespace polder::quorum
