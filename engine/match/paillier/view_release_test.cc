// What a bank sees: frames whose lengths and order depend on public sizes only, and, at the
// requester, numbers that masks have made uniform, until the answer's bits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "match/paillier/masks.h"
#include "match/paillier/paillier_match.h"
#include "match/paillier/queries.h"
#include "match/paillier/tables.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/peer_cases.h"
#include "match/testing/peer_views.h"
#include "net/testing/memory_parties.h"
#include "net/testing/recording_parties.h"

namespace polder {
namespace {

using testing::Bank;

struct View {
  std::vector<Recording> frames;                // of each bank
  std::vector<std::vector<Integer>> decrypted;  // by the requester
};

View view_of(const std::vector<Bank>& banks, const PeerMatch& match) {
  View view;
  view.frames.resize(banks.size());
  MemoryParties scenario(static_cast<int>(banks.size()));
  run_parties(scenario, [&](Parties& parties) {
    const auto self = static_cast<std::size_t>(parties.self());
    RecordingParties recorded(parties, view.frames[self]);
    const PaillierTrial trial{.modulus = trial_modulus(512), .opened = [&](const auto& numbers) {
                                view.decrypted.push_back(numbers);
                              }};
    paillier_match_trial(trial, recorded.parties(), match,
                         testing::peer_table(banks[self], match.flags),
                         [](double, std::string_view) {});
  });
  return view;
}

constexpr std::size_t rows = 100;
const PeerMatch match{
    .requester = 0, .threshold = 4, .flags = true, .bounds = {rows, rows, rows, rows}};

// Four banks of which `holders` hold and flag each identifier of the first.
std::vector<Bank> scenario(std::size_t holders, std::size_t size) {
  std::vector<Bank> banks(4);
  for (std::size_t i = 0; i < banks.size(); ++i) {
    for (std::uint64_t row = 0; row < size; ++row) {
      const std::uint64_t identifier = i < holders ? row : row + rows * i;
      banks[i].identifiers.push_back(identifier);
      if (holders > 1) banks[i].flagged.insert(identifier);
    }
  }
  return banks;
}

TEST(PaillierView, FramesAreAlikeWhateverTheTablesHold) {
  const View nothing_shared = view_of(scenario(1, rows), match);
  for (const auto& banks : {scenario(3, rows), scenario(4, rows), scenario(2, 7), scenario(1, 0)}) {
    const View other = view_of(banks, match);
    for (std::size_t bank = 0; bank < 4; ++bank) {
      EXPECT_EQ(other.frames[bank], nothing_shared.frames[bank]) << "bank " << bank;
    }
  }
}

// Chi-square by Wilson and Hilferty's approximation: within six standard deviations.
void expect_uniform(const std::vector<std::uint64_t>& drawn, std::uint64_t range,
                    const std::string& what) {
  std::vector<double> seen(range, 0);
  for (const std::uint64_t x : drawn) seen[x] += 1;
  const double expected = static_cast<double>(drawn.size()) / static_cast<double>(range);
  double chi_square = 0;
  for (const double count : seen) chi_square += (count - expected) * (count - expected) / expected;
  const double free = static_cast<double>(range) - 1, part = 2 / (9 * free);
  const double z = (std::cbrt(chi_square / free) - (1 - part)) / std::sqrt(part);
  EXPECT_LT(std::abs(z), 6) << what;
}

// The residues of all slots of one step, in ranges small enough for statistics.
std::vector<std::uint64_t> residues(const Slots& slots, const std::vector<Integer>& numbers,
                                    std::uint64_t range) {
  std::vector<std::uint64_t> all;
  for (std::size_t at = 0; at < numbers.size(); at += slots.ciphertexts()) {
    const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<Integer> group(first,
                                     first + static_cast<std::ptrdiff_t>(slots.ciphertexts()));
    const auto found = residues_in(slots, group, range);
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

TEST(PaillierView, WhatTheRequesterDecryptsIsUniformUntilTheAnswer) {
  const PaillierSizes sizes(match, 4, 512, BloomError::whole_run);
  // Nobody else holds anything, or all but one hold and flag everything: the answer is the same.
  for (const auto& banks : {scenario(1, rows), scenario(3, rows)}) {
    const auto decrypted = view_of(banks, match).decrypted;
    ASSERT_EQ(decrypted.size(), 5U);
    std::vector<std::uint64_t> low, high;
    for (const std::uint64_t sum :
         residues(sizes.sums(), decrypted[0], std::uint64_t{1} << (2 * sizes.sum_bits))) {
      low.push_back(sum % 16);
      high.push_back(sum >> (2 * sizes.sum_bits - 4));
    }
    expect_uniform(low, 16, "sums for held");
    expect_uniform(high, 16, "sums for flagged");
    expect_uniform(residues(sizes.differing(), decrypted[1], sizes.differing_range()),
                   sizes.differing_range(), "differing bits");
    const auto holders =
        static_cast<std::ptrdiff_t>(sizes.chained(sizes.holders_range()).ciphertexts());
    const std::vector<Integer> held(decrypted[2].begin(), decrypted[2].begin() + holders),
        flagged(decrypted[2].begin() + holders, decrypted[2].end());
    expect_uniform(residues(sizes.chained(sizes.holders_range()), held, 4), 4,
                   "numbers of holders");
    expect_uniform(residues(sizes.chained(sizes.flaggers_range()), flagged, 5), 5,
                   "numbers of flaggers");
    expect_uniform(residues(sizes.chained(3), decrypted[3], 3), 3, "conditions");
    for (const Integer& bits : decrypted[4]) EXPECT_EQ(bits, 0);
  }
}

PaillierSizes small_sizes(int banks) {
  const std::vector<std::uint64_t> bounds(static_cast<std::size_t>(banks), 4);
  return {{.requester = 0, .threshold = 2, .flags = true, .bounds = bounds},
          banks,
          512,
          BloomError::whole_run};
}

void expect_nothing_in_common(Words a, Words b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  Words common;
  std::ranges::set_intersection(a, b, std::back_inserter(common));
  EXPECT_EQ(common.size(), 0U);
}

// Or holders would see which ciphertexts, of all that passed, went into a sum.
TEST(PaillierView, WhatIsOpenedTwiceIsNewToTheHolders) {
  const PaillierSizes sizes = small_sizes(3);
  MemoryParties scenario(3);
  run_parties(scenario, [&](Parties& parties) {
    Recording recording(Recording::Keep::bytes);
    RecordingParties recorded(parties, recording);
    PaillierRun run(recorded.parties(), sizes, trial_modulus(512));
    const Words messages{0, 1, 2, 3};
    if (parties.self() == 0) {
      const Ciphertexts x = run.key().encrypt(messages.size(), messages);
      EXPECT_EQ(run.open(x), run.open(x));
    } else if (parties.self() == 1) {
      run.help_open(messages.size());
      run.help_open(messages.size());
      const std::vector<Words> frames = testing::received_frames(recording);
      expect_nothing_in_common(frames.back(), frames[frames.size() - 2]);
    }
  });
}

// Or the requester, together with the holder before, would see by how much a holder turned a row.
TEST(PaillierView, TurnedTablesAreNewToWhoeverMadeThem) {
  const PaillierSizes sizes = small_sizes(5);
  const Query query = enough_hold(sizes);
  Ciphertexts before, after;
  MemoryParties scenario(5);
  run_parties(scenario, [&](Parties& parties) {
    PaillierRun run(parties, sizes, trial_modulus(512));
    if (parties.self() == 0) after = receive_joint_tables(run, query).tables;
    if (parties.self() == 1) {
      before = turned_tables(run.key(), query, Words(sizes.rows, 0));
      run.send(2, before);
      run.send(2, run.key().nothing(sizes.chained(query.size()).ciphertexts()));
    }
    if (parties.self() == 2) turn_jointly(run, 2, query);
  });
  ASSERT_EQ(after.count, before.count);
  expect_nothing_in_common(before.u, after.u);
  expect_nothing_in_common(before.v, after.v);
}

TEST(PaillierView, TheAnswerIsOneBitARow) {
  const PaillierSizes sizes(match, 4, 512, BloomError::whole_run);
  const auto decrypted = view_of(scenario(4, rows), match).decrypted;
  EXPECT_EQ(residues(sizes.bits(), decrypted[4], 2), std::vector<std::uint64_t>(rows, 1));
  for (const Integer& bits : decrypted[4]) EXPECT_LT(bits, Integer(1) << sizes.bits().used());
}

}  // namespace
}  // namespace polder
