// What a match holds at its peak, in multiples of the shares that it reads; counted by the pool.
#include <gtest/gtest.h>

#include "match/testing/worlds.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using namespace testing;
using std::chrono::milliseconds;

/// Peak of the three nodes together, which is at most the sum of their peaks.
std::size_t peak_of_match(milliseconds one_way, const std::vector<Bank>& banks) {
  MatchRequest request{.threshold = 2, .min_flags = 1, .recipients = {}};
  for (std::size_t i = 0; i < banks.size(); ++i) request.recipients.push_back(bank_name(i));
  const std::size_t before = pool_use().in_use_bytes;
  reset_pool_peak();
  run_at_distance(rep3::schedule_for(one_way), [&](Party& party) {
    match(party.mpc(), request, match_parties(party, banks, true), [](double, std::string_view) {});
  });
  return pool_use().peak_bytes - before;
}

class MatchMemory : public ::testing::TestWithParam<int> {};

// Tables come with 128 bits of an identifier, of which a match takes what it needs.
TEST_P(MatchMemory, StaysBelowEightTimesTheShares) {
  const std::vector<Bank> banks = random_banks(3, 50'000, 70'000, 1);
  const std::size_t shares = 3 * 150'000 * 2 * (128 + 1 + 1) / 8;
  EXPECT_LE(peak_of_match(milliseconds(GetParam()), banks), 8 * shares);
}

// Few rows between far nodes are compared with many at once; what a node reserves covers it.
TEST_P(MatchMemory, OfFewRowsIsAtMost24MegabytesANode) {
  const std::vector<Bank> banks = random_banks(3, 8'000, 11'000, 1);
  EXPECT_LE(peak_of_match(milliseconds(GetParam()), banks), 3 * std::size_t{24} << 20);
}

INSTANTIATE_TEST_SUITE_P(OneWay, MatchMemory, ::testing::Values(0, 10),
                         [](const auto& test) { return std::to_string(test.param) + "ms"; });

}  // namespace
}  // namespace polder
