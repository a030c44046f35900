// What a node sees of a match. Given the shuffled rows' order, which is uniformly random whatever
// the data (docs/protocols/ sorting.md), every frame's length, order and every opened bit are
// fixed: worlds that differ in all that must stay hidden, but not in that order, put frames of the
// same lengths on the lines. And what one node receives is uniform.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "match/testing/worlds.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using testing::Bank;
using testing::bank_name;
using testing::Party;

constexpr std::size_t parties = 5, rows_each = 60;

/// Which rows are neighbours when sorted: drawn once, the same in all worlds.
std::vector<std::size_t> sorted_rows() {
  std::vector<std::size_t> order(parties * rows_each);
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 draw(1);
  std::shuffle(order.begin(), order.end(), draw);
  return order;
}

/// A world whose rows sort in that order. `sharing` of 8: how often a row holds the identifier of
/// the row before it in the order, where a bank may (ties sort by row, a bank holds a client once);
/// `flagging` of 8: how often it is flagged.
std::vector<Bank> world(unsigned seed, unsigned sharing, unsigned flagging) {
  const std::vector<std::size_t> order = sorted_rows();
  std::mt19937_64 draw(seed);
  std::vector<std::uint64_t> identifier(order.size());
  std::vector<Bank> banks(parties);
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool may_share =
        i > 0 && order[i] > order[i - 1] && order[i] / rows_each != order[i - 1] / rows_each;
    identifier[order[i]] =
        may_share && draw() % 8 < sharing ? identifier[order[i - 1]] : next += 1 + draw() % 100;
  }
  for (std::size_t row = 0; row < order.size(); ++row) {
    Bank& bank = banks[row / rows_each];
    bank.identifiers.push_back(identifier[row]);
    if (draw() % 8 < flagging) bank.flagged.insert(identifier[row]);
  }
  return banks;
}

std::array<Recording, 3> recorded(unsigned keys, const std::vector<Bank>& banks,
                                  const MatchRequest& request,
                                  Recording::Keep keep = Recording::Keep::lengths) {
  return testing::record(keys, keep, [&](Party& party) {
    match(party.mpc(), request,
          match_parties(party, banks, request.min_flags > 0, testing::Identifiers::as_they_are),
          [](double, std::string_view) {});
  });
}

MatchRequest request_to_all(std::uint64_t threshold, std::uint64_t min_flags) {
  MatchRequest request{.threshold = threshold, .min_flags = min_flags, .recipients = {}};
  for (std::size_t i = 0; i < parties; ++i) request.recipients.push_back(bank_name(i));
  return request;
}

TEST(View, FramesAreAlikeInTwoHundredWorlds) {
  for (const auto& [threshold, min_flags] : {std::pair(2, 1), std::pair(3, 2), std::pair(5, 0)}) {
    const MatchRequest request = request_to_all(static_cast<std::uint64_t>(threshold),
                                                static_cast<std::uint64_t>(min_flags));
    const auto nobody_shares = recorded(7, world(0, 0, 0), request);
    for (unsigned seed = 1; seed <= 70; ++seed) {
      const auto other = recorded(7, world(seed, seed % 9, seed % 7 + 1), request);
      for (std::size_t node = 0; node < 3; ++node) {
        ASSERT_EQ(other[node], nobody_shares[node]) << "world " << seed << ", node " << node;
      }
    }
  }
}

/// p of a chi-square test over byte values is far from both ends; the run's keys are fixed, so this
/// never flickers.
void expect_uniform(std::span<const std::uint8_t> bytes) {
  std::array<double, 256> seen{};
  for (const std::uint8_t byte : bytes) seen[byte] += 1;
  const double expected = static_cast<double>(bytes.size()) / 256;
  double chi_square = 0;
  for (const double count : seen) chi_square += (count - expected) * (count - expected) / expected;
  EXPECT_GT(chi_square, 165);  // 255 degrees of freedom: p = 1 - 1e-6 …
  EXPECT_LT(chi_square, 371);  // … and 1e-6
}

TEST(View, ReceivedBytesAreUniformForExtremeWorlds) {
  for (const auto& banks : {world(0, 0, 0), world(0, 8, 8)}) {
    const auto seen = recorded(11, banks, request_to_all(2, 1), Recording::Keep::bytes);
    for (const Recording& node : seen) expect_uniform(node.bytes(Recording::Direction::received));
  }
}

TEST(View, FreshKeysChangeEveryWord) {
  const auto first = recorded(1, world(3, 4, 4), request_to_all(2, 1), Recording::Keep::hashes);
  const auto second = recorded(2, world(3, 4, 4), request_to_all(2, 1), Recording::Keep::hashes);
  for (std::size_t node = 0; node < 3; ++node) {
    EXPECT_NE(first[node].hash(Recording::Direction::sent),
              second[node].hash(Recording::Direction::sent));
  }
}

}  // namespace
}  // namespace polder
