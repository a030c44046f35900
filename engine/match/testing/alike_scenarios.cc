#include "match/testing/alike_scenarios.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace polder::testing {
namespace {

/// Which rows are neighbours when sorted: drawn once, the same in all scenarios.
std::vector<std::size_t> sorted_rows() {
  std::vector<std::size_t> order(alike_banks * alike_rows_each);
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 draw(1);
  std::shuffle(order.begin(), order.end(), draw);
  return order;
}

}  // namespace

std::vector<Bank> alike_scenario(unsigned seed, unsigned sharing, unsigned flagging) {
  const std::vector<std::size_t> order = sorted_rows();
  const auto bank_of = [](std::size_t row) { return row / alike_rows_each; };
  std::mt19937_64 draw(seed);
  std::vector<std::uint64_t> identifier(order.size());
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool may_share =
        i > 0 && order[i] > order[i - 1] && bank_of(order[i]) != bank_of(order[i - 1]);
    identifier[order[i]] =
        may_share && draw() % 8 < sharing ? identifier[order[i - 1]] : next += 1 + draw() % 100;
  }
  std::vector<Bank> banks(alike_banks);
  for (std::size_t row = 0; row < order.size(); ++row) {
    Bank& bank = banks[bank_of(row)];
    bank.identifiers.push_back(identifier[row]);
    if (draw() % 8 < flagging) bank.flagged.insert(identifier[row]);
  }
  return banks;
}

MatchRequest alike_request(std::uint64_t threshold, std::uint64_t min_flags) {
  MatchRequest request{.threshold = threshold, .min_flags = min_flags, .recipients = {}};
  for (std::size_t i = 0; i < alike_banks; ++i) request.recipients.push_back(bank_name(i));
  return request;
}

void match_alike(Party& party, const std::vector<Bank>& banks, const MatchRequest& request) {
  match(party.mpc(), request,
        match_parties(party, banks, request.min_flags > 0, Identifiers::as_they_are),
        [](double, std::string_view) {});
}

}  // namespace polder::testing
