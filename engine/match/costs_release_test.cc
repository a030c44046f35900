// What matches of five banks cost in a LAN and in a WAN, as in ops/costs_release_test.cc.
#include <gtest/gtest.h>

#include "match/testing/alike_scenarios.h"
#include "protocol/testing/written_costs.h"

namespace polder {
namespace {

using namespace testing;

void match_binned(Party& party, const std::vector<Bank>& banks) {
  const BinnedBanks binned = binned_banks(party, banks, 0, true);
  match_for_one(party.mpc(), {.threshold = 2, .min_flags = 1, .recipients = {bank_name(0)}},
                binned.requester, binned.others, [](double, std::string_view) {});
}

TEST(MatchCosts, AreThoseWrittenDown) {
  std::vector<std::string> lines;
  for (const std::size_t each : {200ul, 13'108ul}) {
    const std::vector<Bank> banks = random_banks(alike_banks, each, 2 * each, 1);
    const auto measure = [&](const std::string& name, const auto& work) {
      std::ranges::move(cost_lines_on_fixed_keys(name, alike_banks * each,
                                                 [&](Party& party) { work(party, banks); }),
                        std::back_inserter(lines));
    };
    measure("match", [](Party& party, const auto& scenario) {
      match_alike(party, scenario, alike_request(2, 1));
    });
    measure("bins", match_binned);
  }
  const std::string differences = differs_from_written("matches", lines);
  EXPECT_TRUE(differences.empty()) << differences;
}

}  // namespace
}  // namespace polder
