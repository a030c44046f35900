// What a match holds at its peak, in multiples of the shares that it reads; counted by the pool.
#include <gtest/gtest.h>

#include <atomic>

#include "match/testing/scenarios.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using namespace testing;
using std::chrono::milliseconds;

/// Peak of the three nodes together, which is at most the sum of their peaks.
std::size_t peak_of(milliseconds one_way, const std::function<void(Party&)>& work) {
  const std::size_t before = pool_use().in_use_bytes;
  reset_pool_peak();
  run_at_distance(rep3::schedule_for(one_way), work);
  return pool_use().peak_bytes - before;
}

/// Two components of each bit at three nodes.
std::size_t bytes_of_shares(std::size_t rows, int row_bits) {
  return 3 * 2 * rows * static_cast<std::size_t>(row_bits) / 8;
}

void ignore(double, std::string_view) {}

std::size_t peak_of_match(milliseconds one_way, const std::vector<Bank>& banks) {
  MatchRequest request{.threshold = 2, .min_flags = 1, .recipients = {}};
  for (std::size_t i = 0; i < banks.size(); ++i) request.recipients.push_back(bank_name(i));
  return peak_of(one_way, [&](Party& party) {
    match(party.mpc(), request, match_parties(party, banks, true), ignore);
  });
}

class MatchMemory : public ::testing::TestWithParam<int> {};

// Tables come with 128 bits of an identifier, of which a match takes what it needs.
TEST_P(MatchMemory, StaysBelowEightTimesTheShares) {
  const std::vector<Bank> banks = random_banks(3, 50'000, 70'000, 1);
  EXPECT_LE(peak_of_match(milliseconds(GetParam()), banks),
            8 * bytes_of_shares(150'000, 128 + 1 + 1));
}

TEST_P(MatchMemory, InBinsStaysBelowThreeTimesTheSharesOrSixInAWan) {
  const std::vector<Bank> banks = random_banks(3, 20'000, 30'000, 1);
  std::atomic<std::size_t> shares = 0;
  const std::size_t peak = peak_of(milliseconds(GetParam()), [&](Party& party) {
    const BinnedBanks binned = binned_banks(party, banks, 0, true);
    std::size_t slots = binned.requester.identifier.size();
    for (const BinnedTable& other : binned.others) slots += other.identifier.size();
    shares = bytes_of_shares(slots, binned.requester.identifier.width() + 1);
    match_for_one(party.mpc(), {.threshold = 2, .min_flags = 1, .recipients = {bank_name(0)}},
                  binned.requester, binned.others, ignore);
  });
  EXPECT_LE(peak, (GetParam() == 0 ? 3 : 6) * shares);
}

// Few rows in a WAN are compared with many at once; what a node reserves covers it.
TEST_P(MatchMemory, OfFewRowsIsAtMost24MegabytesANode) {
  const std::vector<Bank> banks = random_banks(3, 8'000, 11'000, 1);
  EXPECT_LE(peak_of_match(milliseconds(GetParam()), banks), 3 * std::size_t{24} << 20);
}

INSTANTIATE_TEST_SUITE_P(OneWay, MatchMemory, ::testing::Values(0, 10),
                         [](const auto& test) { return std::to_string(test.param) + "ms"; });

}  // namespace
}  // namespace polder
