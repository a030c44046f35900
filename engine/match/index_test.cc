// Oracle: the definition of a placing, and the plain bound computed term by term.
#include "match/index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "base/error.h"

namespace polder {
namespace {

std::vector<std::uint64_t> identifiers(std::size_t n, unsigned seed) {
  std::mt19937_64 draw(seed);
  std::vector<std::uint64_t> words(2 * n);
  for (std::uint64_t& word : words) word = draw();
  return words;
}

TEST(Index, AnIdentifierHasThreeDifferentBinsAllOfThemUsed) {
  for (const std::uint64_t bins : {3u, 4u, 64u, 1000u}) {
    std::vector<std::size_t> seen(bins, 0);
    const auto words = identifiers(20'000, 1);
    for (std::size_t i = 0; i < words.size(); i += 2) {
      const auto three = bins_of(words[i], words[i + 1], bins);
      EXPECT_EQ(std::set<std::uint32_t>(three.begin(), three.end()).size(), 3u);
      for (const std::uint32_t bin : three) ++seen.at(bin);
    }
    const double mean = 60'000.0 / static_cast<double>(bins);
    EXPECT_GT(*std::ranges::min_element(seen), mean - 6 * std::sqrt(mean));
    EXPECT_LT(*std::ranges::max_element(seen), mean + 6 * std::sqrt(mean));
  }
}

TEST(Index, SlotsEveryIdentifierOnceInOneOfItsBins) {
  for (const std::size_t n : {0, 1, 2, 3, 4, 5, 64, 512, 5000, 100'000}) {
    const auto words = identifiers(n, static_cast<unsigned>(n));
    const std::uint64_t bins = bins_for(n);
    EXPECT_EQ(bins % 64, 0u);
    const auto slots = place_once(words, bins);
    ASSERT_EQ(slots.size(), bins);
    std::vector<bool> placed(n, false);
    for (std::uint32_t bin = 0; bin < bins; ++bin) {
      const std::uint32_t row = slots[bin];
      if (row == no_row) continue;
      EXPECT_FALSE(placed[row]);
      placed[row] = true;
      const auto three = bins_of(words[2 * row], words[2 * row + 1], bins);
      EXPECT_TRUE(std::ranges::count(three, bin));
    }
    EXPECT_EQ(std::ranges::count(placed, true), static_cast<std::ptrdiff_t>(n));
  }
}

TEST(Index, SlotsEveryIdentifierInAllOfItsBins) {
  for (const std::size_t n : {0, 1, 2, 33, 512, 20'000}) {
    const auto words = identifiers(n, static_cast<unsigned>(n) + 1);
    const std::uint64_t bins = bins_for(512), capacity = bin_capacity(n, bins, 5);
    const auto slots = place_in_all(words, bins, capacity);
    ASSERT_EQ(slots.size(), bins * capacity);
    std::vector<int> times(n, 0);
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      if (slots[slot] == no_row) continue;
      const std::uint32_t row = slots[slot];
      ++times[row];
      EXPECT_TRUE(std::ranges::count(bins_of(words[2 * row], words[2 * row + 1], bins),
                                     static_cast<std::uint32_t>(slot % bins)));
    }
    EXPECT_EQ(std::ranges::count(times, 3), static_cast<std::ptrdiff_t>(n));
  }
}

TEST(Index, SaysWhenThereIsNoRoom) {
  const auto words = identifiers(65, 3);
  EXPECT_THROW(place_once(words, 64), Error);
  EXPECT_THROW(place_in_all(words, 64, 1), Error);
  EXPECT_NO_THROW(place_in_all(words, 64, 65));
}

// ln of the bound that bins_for stands on, in another form: products instead of gamma functions.
double log_of_sets_without_bins(std::uint64_t n, std::uint64_t bins, std::uint64_t m) {
  const auto log_choose = [](std::uint64_t from, std::uint64_t k) {
    double sum = 0;
    for (std::uint64_t i = 0; i < k; ++i)
      sum += std::log(static_cast<double>(from - i)) - std::log(static_cast<double>(i + 1));
    return sum;
  };
  return log_choose(n, m) + log_choose(bins, m - 1) +
         static_cast<double>(m) * (log_choose(m - 1, 3) - log_choose(bins, 3));
}

TEST(Index, TakesBinsEnoughForAnErrorOf2ToTheMinus41) {
  for (const std::uint64_t n : {4u, 5u, 16u, 64u, 512u, 4095u, 4096u, 10'000u}) {
    const std::uint64_t bins = bins_for(n);
    double sum = 0;
    for (std::uint64_t m = 4; m <= n; m += n < 1000 || m < 40 ? 1 : n / 300) {
      sum += std::exp(log_of_sets_without_bins(n, bins, m)) *
             static_cast<double>(n < 1000 || m < 40 ? 1 : n / 300);
    }
    EXPECT_LT(std::log2(sum), -40.9) << n;
  }
  for (std::uint64_t n = 4096; n < 1 << 24; n *= 4) {  // the terms at both ends of the sum
    for (const std::uint64_t m : {std::uint64_t{4}, n / 100, n / 10, n / 2, n - n / 10, n}) {
      if (m > 400'000) continue;
      EXPECT_LT(log_of_sets_without_bins(n, bins_for(n), m), -41 * 0.6931 - std::log(n)) << n;
    }
  }
  EXPECT_LT(bins_for(512), 900u);
}

TEST(Index, TakesRoomEnoughInABin) {
  EXPECT_EQ(bin_capacity(0, 64, 2), 0u);
  EXPECT_EQ(bin_capacity(1, 64, 2), 1u);
  const std::uint64_t bins = bins_for(512), capacity = bin_capacity(512, bins, 49);
  EXPECT_GT(capacity, 16u);
  EXPECT_LT(capacity, 26u);
  EXPECT_GE(bin_capacity(512, bins, 49), bin_capacity(512, bins, 1));
  EXPECT_GE(bin_capacity(1024, bins, 49), capacity);
  const std::uint64_t many = bin_capacity(100'000, 64, 2);  // about 4,700 in each bin
  EXPECT_GT(many, 5000u);
  EXPECT_LT(many, 5400u);
}

}  // namespace
}  // namespace polder
