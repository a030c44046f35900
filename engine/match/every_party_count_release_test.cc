// Every number of parties from 2 to 64: published code was wrong from t = 12 on. With every
// threshold in a long run, else with about eight of them, others for each number.
#include <gtest/gtest.h>

#include "match/testing/scenarios.h"

namespace polder {
namespace {

using testing::Bank;
using testing::bank_name;
using testing::long_run;
using testing::Party;

bool is_run(std::uint64_t threshold, std::size_t t) {
  return long_run() || threshold == 1 || threshold == t || (threshold + t) % (t / 8 + 1) == 0;
}

void expect_right(std::size_t t) {
  const std::vector<Bank> banks = testing::random_banks(t, 40, 60, static_cast<unsigned>(t));
  const testing::Oracle oracle(banks);
  for (std::uint64_t threshold = 1; threshold <= t; ++threshold) {
    if (!is_run(threshold, t)) continue;
    MatchRequest request{.threshold = threshold, .min_flags = 1, .recipients = {}};
    for (std::size_t i = 0; i < t; ++i) request.recipients.push_back(bank_name(i));
    const auto delivered = testing::run("rep3", [&](Party& party) {
      match(party.mpc(), request, match_parties(party, banks, true),
            [](double, std::string_view) {});
    });
    for (std::size_t i = 0; i < t; ++i) {
      const PlainBits& rows = delivered.bits.at(bank_name(i) + "/rows");
      for (std::size_t r = 0; r < banks[i].identifiers.size(); ++r) {
        ASSERT_EQ(rows.flag(r), oracle.matches(banks[i].identifiers[r], request))
            << "t = " << t << ", T = " << threshold << ", " << bank_name(i) << " row " << r;
      }
    }
  }
}

class EveryPartyCount : public ::testing::TestWithParam<std::size_t> {};

TEST_P(EveryPartyCount, IsRight) { expect_right(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Parties, EveryPartyCount, ::testing::Range<std::size_t>(2, 65));

}  // namespace
}  // namespace polder
