#include "match/testing/peer_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

#include "base/error.h"
#include "net/testing/memory_parties.h"

namespace polder::testing {
namespace {

using Group = std::vector<std::size_t>;

Group first(std::size_t n) {
  Group group(n);
  std::iota(group.begin(), group.end(), 0);
  return group;
}

/// Banks built identifier by identifier.
class Scenario {
 public:
  explicit Scenario(std::size_t parties) : banks_(parties) {}

  /// `count` new identifiers that these banks hold and these flagged.
  Scenario& add(const Group& holders, const Group& flaggers, std::size_t count = 1) {
    for (; count > 0; --count, ++next_) {
      for (const std::size_t i : holders) banks_[i].identifiers.push_back(next_);
      for (const std::size_t i : flaggers) banks_[i].flagged.insert(next_);
    }
    return *this;
  }

  PeerCase as(const std::string& name, std::uint64_t threshold, int requester = 0,
              bool flags = true) const {
    return {name, {requester, threshold, flags, sizes_of(banks_)}, banks_};
  }

 private:
  std::vector<Bank> banks_;
  std::uint64_t next_ = 1;
};

PeerCase random_case(std::size_t parties, std::uint64_t threshold, bool flags, std::size_t rows) {
  const auto seed = static_cast<unsigned>(parties * 1000 + threshold * 2 + (flags ? 1 : 0));
  const auto banks = random_banks(parties, rows, rows + 2, seed);
  const std::string name = std::to_string(parties) + "_banks_threshold_" +
                           std::to_string(threshold) + (flags ? "" : "_no_flags");
  const auto requester = static_cast<int>(seed % parties);
  return {name, {requester, threshold, flags, sizes_of(banks)}, banks};
}

/// An identifier for every number of holders, the requester among them, and of flaggers.
PeerCase every_count(std::size_t parties, std::uint64_t threshold, bool flags) {
  Scenario scenario(parties);
  for (std::size_t holders = 1; holders <= parties; ++holders) {
    for (std::size_t flaggers = 0; flaggers <= holders; ++flaggers) {
      Group last = first(holders);
      scenario.add(first(holders),
                   {last.end() - static_cast<std::ptrdiff_t>(flaggers), last.end()});
    }
  }
  return scenario.as(
      "every_count_threshold_" + std::to_string(threshold) + (flags ? "" : "_no_flags"), threshold,
      0, flags);
}

PeerCase mixed_sizes(std::size_t rows) {
  std::vector<Bank> banks = random_banks(6, 40, 60, 5);
  const Bank large = random_banks(1, rows, 2 * rows, 6)[0];
  banks[1].identifiers.resize(1);
  banks[2].identifiers.clear();
  banks[3] = large;
  for (Bank& bank : banks) {
    std::erase_if(bank.flagged, [&](std::uint64_t id) {
      return std::ranges::find(bank.identifiers, id) == bank.identifiers.end();
    });
  }
  return {"mixed_sizes", {0, 3, true, sizes_of(banks)}, banks};
}

PeerCase with_requester(PeerCase peer_case, const std::string& name, int requester) {
  peer_case.name = name;
  peer_case.match.requester = requester;
  return peer_case;
}

/// Bounds above the sizes: what is short of them must not show.
PeerCase with_room(PeerCase peer_case) {
  peer_case.name += "_with_room";
  for (std::uint64_t& bound : peer_case.match.bounds) bound = bound * 2 + 7;
  return peer_case;
}

}  // namespace

std::vector<std::uint64_t> sizes_of(const std::vector<Bank>& banks) {
  std::vector<std::uint64_t> sizes;
  for (const Bank& bank : banks) sizes.push_back(bank.identifiers.size());
  return sizes;
}

PeerCase one_holder_short(std::size_t parties, std::uint64_t threshold, std::size_t rows) {
  std::mt19937_64 draw(parties);
  Scenario scenario(parties);
  for (std::size_t i = 0; i < rows; ++i) {
    Group others(parties - 1);
    std::iota(others.begin(), others.end(), 1);
    std::ranges::shuffle(others, draw);
    Group holders{0};
    holders.insert(holders.end(), others.begin(),
                   others.begin() + static_cast<std::ptrdiff_t>(threshold - 2));
    scenario.add(holders, holders);
  }
  return scenario.as("one_holder_short_of_" + std::to_string(threshold), threshold);
}

PeerCase disjoint(std::size_t parties, std::size_t rows) {
  Scenario scenario(parties);
  for (std::size_t i = 0; i < parties; ++i) scenario.add({i}, {i}, rows);
  return scenario.as("disjoint_" + std::to_string(parties), 2);
}

std::vector<PeerCase> peer_cases(const PeerCaseSizes& sizes) {
  std::vector<PeerCase> cases{
      Scenario(3).add({0, 1, 2}, {1, 2}).as("three_holders_two_flags", 3),
      Scenario(4).add({0, 1, 2}, {0}).add({0, 1, 2}, {}).as("flagged_only_by_the_requester", 3),
      Scenario(4).add({0, 1}, {0, 1}).add({0, 2, 3}, {2}).as("flagged_but_below", 3),
      Scenario(4).add({0, 1, 2, 3}, {}, 5).as("held_by_all_flagged_by_none", 2),
      Scenario(3).add({1, 2}, {1}).as("the_requester_is_empty", 1),
      Scenario(3).add({0}, {0}, 3).as("all_others_are_empty", 1),
      Scenario(3).as("all_are_empty", 2),
      Scenario(2).add({0, 1}, {1}).as("two_banks_one_row", 2),
      Scenario(2).add({0}, {}, 2).add({0, 1}, {1}, 2).add({0, 1}, {0}).as("two_banks_either", 1),
      Scenario(2).add({0}, {}, 2).add({0, 1}, {}, 2).as("two_banks_no_flags", 2, 0, false),
      Scenario(5).add(first(5), {4}).as("one_row_of_all", 5),
      mixed_sizes(sizes.rows),
      with_requester(mixed_sizes(sizes.rows), "the_requester_has_most", 3),
      with_requester(mixed_sizes(sizes.rows), "the_requester_has_one", 1),
      with_room(mixed_sizes(sizes.rows)),
      with_room(Scenario(4).as("empty", 2)),
      disjoint(std::min<std::size_t>(50, sizes.parties), 4),
  };
  for (const bool flags : {true, false}) {
    for (std::uint64_t threshold = 1; threshold <= 6; ++threshold) {
      cases.push_back(every_count(6, threshold, flags));
    }
  }
  return cases;
}

std::vector<PeerCase> every_party_count() {
  std::vector<PeerCase> cases;
  for (std::size_t t = 2; t <= 64; ++t) {
    const std::set<std::uint64_t> thresholds{1, 2, t / 2 + 1, t - 1, t};
    std::size_t at = 0;
    for (const std::uint64_t threshold : thresholds) {
      if (at++ != t % thresholds.size() && !long_run()) continue;
      cases.push_back(random_case(t, threshold, (t + threshold) % 4 != 0, 6));
    }
  }
  return cases;
}

std::vector<PeerCase> every_threshold(std::size_t parties, bool flags, std::size_t rows) {
  std::vector<PeerCase> cases;
  for (std::uint64_t threshold = 1; threshold <= parties; ++threshold) {
    cases.push_back(random_case(parties, threshold, flags, rows));
  }
  return cases;
}

PeerTable peer_table(const Bank& bank, bool flags) {
  PeerTable table;
  for (const std::uint64_t identifier : bank.identifiers) {
    std::mt19937_64 draw(identifier);
    const std::array<std::uint64_t, 2> wide{draw(), draw()};
    std::memcpy(table.identifiers.emplace_back().data(), wide.data(), sizeof wide);
    if (flags) table.flagged.push_back(bank.flagged.contains(identifier));
  }
  return table;
}

PeerAnswer run(PeerProtocol* protocol, const PeerCase& peer_case) {
  MemoryParties scenario(static_cast<int>(peer_case.banks.size()));
  PeerAnswer at_requester;
  run_parties(scenario, [&](Parties& parties) {
    const Bank& bank = peer_case.banks[static_cast<std::size_t>(parties.self())];
    PeerAnswer answer = protocol(parties, peer_case.match, peer_table(bank, peer_case.match.flags),
                                 [](double, std::string_view) {});
    if (parties.self() == peer_case.match.requester) {
      at_requester = std::move(answer);
    } else {
      EXPECT_TRUE(answer.rows.empty()) << peer_case.name;
    }
  });
  return at_requester;
}

void expect_right(PeerProtocol* protocol, const PeerCase& peer_case) {
  const PeerAnswer answer = run(protocol, peer_case);
  const auto& own =
      peer_case.banks[static_cast<std::size_t>(peer_case.match.requester)].identifiers;
  const MatchRequest request{.threshold = peer_case.match.threshold,
                             .min_flags = peer_case.match.flags ? 1u : 0u,
                             .recipients = {}};
  const Oracle oracle(peer_case.banks);
  ASSERT_EQ(answer.rows.size(), own.size()) << peer_case.name;
  for (std::size_t i = 0; i < own.size(); ++i) {
    ASSERT_EQ(answer.rows[i], oracle.matches(own[i], request))
        << peer_case.name << ", row " << i << " of the requester";
  }
}

void expect_refused(PeerProtocol* protocol, const PeerCase& wrong, const std::string& why) {
  try {
    run(protocol, wrong);
    ADD_FAILURE() << "accepted, though " << why;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::bad_input) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

void expect_wrong_agreements_refused(PeerProtocol* protocol) {
  const PeerCase right = every_threshold(3, true, 4)[1];
  const auto expect = [&](const std::string& why, const auto& bend) {
    PeerCase wrong = right;
    bend(wrong);
    expect_refused(protocol, wrong, why);
  };
  expect("threshold is 4", [](PeerCase& wrong) { wrong.match.threshold = 4; });
  expect("threshold is 0", [](PeerCase& wrong) { wrong.match.threshold = 0; });
  expect("at most 3", [](PeerCase& wrong) { wrong.match.bounds[1] = 3; });
  expect("2 bounds", [](PeerCase& wrong) { wrong.match.bounds.pop_back(); });
  expect("the requester is bank 3 of 3", [](PeerCase& wrong) { wrong.match.requester = 3; });
  expect("twice",
         [](PeerCase& wrong) { wrong.banks[2].identifiers[1] = wrong.banks[2].identifiers[0]; });
}

}  // namespace polder::testing
