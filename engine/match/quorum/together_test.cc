// What is opened to the asker, against the numbers that all banks' summands make.
#include "match/quorum/together.h"

#include <gtest/gtest.h>

#include "match/testing/every_bit.h"
#include "net/memory_parties.h"

namespace polder::quorum {
namespace {

constexpr int parties = 4;

/// Of each bin, how many other banks hold it and how many flag it: every pair of numbers, again and
/// again.
std::uint64_t held(std::size_t bin) { return bin % parties; }
std::uint64_t flagged(std::size_t bin) { return bin / parties % parties; }

/// To the asker, when the first bank's summands are all there is.
std::vector<Elements> opened(const Parameters& parameters) {
  std::vector<Elements> at_asker;
  MemoryParties world(parties);
  run_parties(world, [&](Parties& at) {
    Together together(at, parameters);
    together.sharing().receive_keys_and_deal();
    together.sharing().receive_deals();
    Counts own{Elements(parameters.bins, Element{0}),
               Elements(parameters.flags ? parameters.bins : 0, Element{0})};
    for (std::size_t bin = 0; bin < parameters.bins && at.self() == 0; ++bin) {
      own.held[bin] = Element::of(held(bin));
      if (parameters.flags) own.flagged[bin] = Element::of(flagged(bin));
    }
    const std::vector<Elements> opening = together.open(own);
    if (at.self() == parameters.asker) at_asker = opening;
  });
  return at_asker;
}

void expect_zero_or_random(std::uint64_t threshold, bool flags) {
  const PeerMatch match{
      .asker = 1, .threshold = threshold, .flags = flags, .bounds = {1000, 1000, 1000, 1000}};
  const Parameters parameters(parties, match, {.bins_for_one_opening = 1});
  const std::vector<Elements> both = opened(parameters);
  ASSERT_EQ(both.size(), 2U);
  // Of each pair of numbers by itself, and from one opening to the next.
  std::vector<std::vector<std::uint64_t>> seen(parties * parties), between(seen.size());
  for (std::size_t bin = 0; bin < parameters.bins; ++bin) {
    const bool enough = held(bin) + 1 >= threshold && (!flags || flagged(bin) > 0);
    const bool zero = enough == (parameters.roots.enough == Enough::zero);
    for (const Elements& one : both) ASSERT_EQ(one[bin] == Element{0}, zero) << bin;
    if (zero) continue;
    seen[bin % seen.size()].push_back(both[0][bin].value);
    between[bin % seen.size()].push_back((both[0][bin] - both[1][bin]).value);
  }
  for (const auto& numbers : {seen, between}) {
    for (const std::vector<std::uint64_t>& alike : numbers) {
      if (!alike.empty()) testing::expect_every_bit_drawn(alike, Element::bits);
    }
  }
}

TEST(Together, OpensZeroOrANumberThatSaysNothing) {
  expect_zero_or_random(2, true);
  expect_zero_or_random(4, true);
  expect_zero_or_random(3, false);
  expect_zero_or_random(4, false);
}

}  // namespace
}  // namespace polder::quorum
