#include "match/testing/scenarios.h"

#include <algorithm>
#include <cstdlib>
#include <random>

#include "match/index.h"

namespace polder::testing {
namespace {

std::vector<std::uint64_t> wide(const std::vector<std::uint64_t>& identifiers, Identifiers kind) {
  std::vector<std::uint64_t> words;
  for (const std::uint64_t identifier : identifiers) {
    std::mt19937_64 draw(identifier);
    words.push_back(kind == Identifiers::hashed ? draw() : identifier);
    words.push_back(kind == Identifiers::hashed ? draw() : 0);
  }
  return words;
}

/// A bank's rows in these slots, empty ones filled up with what no bank has; `number`: the bank's.
BinnedTable in_slots(Party& party, const Bank& bank, std::size_t number,
                     const std::vector<std::uint32_t>& slots, int width, bool flags) {
  const std::vector<std::uint64_t> identifiers = wide(bank.identifiers, Identifiers::hashed);
  std::seed_seq own_seed{std::size_t{1}, number};  // no bank's, and no identifier's
  std::mt19937_64 draw(own_seed);
  std::vector<std::uint64_t> words, marks;
  for (const std::uint32_t row : slots) {
    words.push_back(row == no_row ? draw() : identifiers[2 * row]);
    words.push_back(row == no_row ? draw() : identifiers[2 * row + 1]);
    marks.push_back(row != no_row && bank.flagged.contains(bank.identifiers[row]));
  }
  return {.identifier = bits(party.input_bits(words, slots.size(), 128), 0, width),
          .flag = flags ? party.input_bits(marks, 1) : Bits()};
}

}  // namespace

std::string bank_name(std::size_t i) { return "bank" + std::to_string(i); }

std::vector<Bank> random_banks(std::size_t t, std::size_t n, std::size_t pool, unsigned seed) {
  std::mt19937_64 draw(seed);
  std::vector<Bank> banks(t);
  for (Bank& bank : banks) {
    std::set<std::uint64_t> identifiers;
    while (identifiers.size() < n) {
      identifiers.insert(draw() % pool * (draw() % 3 == 0 ? 1 : draw() % 5 + 1));
    }
    bank.identifiers.assign(identifiers.begin(), identifiers.end());
    std::ranges::shuffle(bank.identifiers, draw);
    for (const std::uint64_t identifier : identifiers) {
      if (draw() % 5 == 0) bank.flagged.insert(identifier);
    }
  }
  return banks;
}

Oracle::Oracle(const std::vector<Bank>& banks) {
  for (const Bank& bank : banks) {
    for (const std::uint64_t identifier : bank.identifiers) ++holders_[identifier];
    for (const std::uint64_t identifier : bank.flagged) ++flags_[identifier];
  }
}

bool Oracle::matches(std::uint64_t identifier, const MatchRequest& request) const {
  const auto flags = flags_.find(identifier);
  return holders_.at(identifier) >= request.threshold &&
         (flags == flags_.end() ? 0 : flags->second) >= request.min_flags;
}

std::size_t Oracle::matching(const MatchRequest& request) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      holders_, [&](const auto& entry) { return matches(entry.first, request); }));
}

std::vector<MatchParty> match_parties(Party& party, const std::vector<Bank>& banks, bool flags,
                                      Identifiers identifiers) {
  std::vector<MatchParty> parties;
  for (std::size_t i = 0; i < banks.size(); ++i) {
    const Bank& bank = banks[i];
    MatchParty& one = parties.emplace_back();
    one.name = bank_name(i);
    one.identifier =
        party.input_bits(wide(bank.identifiers, identifiers), bank.identifiers.size(), 128);
    std::vector<std::uint64_t> flagged;
    for (const std::uint64_t identifier : bank.identifiers) {
      flagged.push_back(bank.flagged.contains(identifier));
    }
    if (flags) one.flag = party.input_bits(flagged, 1);
    if (!bank.attribute.empty()) one.attribute = party.input(bank.attribute);
  }
  return parties;
}

BinnedBanks binned_banks(Party& party, const std::vector<Bank>& banks, std::size_t requester,
                         bool flags) {
  std::size_t most = 0;
  for (const Bank& bank : banks) most = std::max(most, bank.identifiers.size());
  const std::uint64_t bins = bins_for(banks[requester].identifiers.size());
  const std::uint64_t capacity = bin_capacity(most, bins, banks.size());
  const int width = binned_identifier_bits(banks.size() * bins * capacity);
  BinnedBanks all;
  for (std::size_t i = 0; i < banks.size(); ++i) {
    const auto identifiers = wide(banks[i].identifiers, Identifiers::hashed);
    if (i == requester) {
      all.rows = place_once(identifiers, bins);
      all.requester = in_slots(party, banks[i], i, all.rows, width, flags);
    } else {
      all.others.push_back(
          in_slots(party, banks[i], i, place_in_all(identifiers, bins, capacity), width, flags));
    }
  }
  return all;
}

bool long_run() { return std::getenv("POLDER_LONG") != nullptr; }

}  // namespace polder::testing
