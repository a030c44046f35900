#include "match/testing/worlds.h"

#include <algorithm>
#include <random>

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

}  // namespace polder::testing
