#include "match/paillier/paillier_match.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "match/testing/worlds.h"
#include "net/memory_parties.h"

namespace polder {
namespace {

using testing::Bank;

// A product of two primes of half the bits each: quick to work with, insecure.
Integer modulus_of(int bits) {
  const auto prime = [&] {
    Integer x = (Integer(3) << (bits / 2 - 2)) + random_bits(bits / 2 - 3);
    mpz_nextprime(x.get_mpz_t(), x.get_mpz_t());
    return x;
  };
  return prime() * prime();
}

PeerTable table_of(const Bank& bank) {
  PeerTable table;
  for (const std::uint64_t identifier : bank.identifiers) {
    std::mt19937_64 draw(identifier);
    IdentifierHash hash;
    for (auto& byte : hash) byte = static_cast<std::uint8_t>(draw());
    table.identifiers.push_back(hash);
    table.flagged.push_back(bank.flagged.contains(identifier));
  }
  return table;
}

std::vector<bool> asked(const std::vector<Bank>& banks, PeerMatch match, int bits = 512) {
  const PaillierTrial trial{.modulus = modulus_of(bits)};
  for (std::size_t i = match.bounds.size(); i < banks.size(); ++i) {
    match.bounds.push_back(banks[i].identifiers.size() + i % 3);
  }
  MemoryParties world(static_cast<int>(banks.size()));
  std::vector<bool> rows;
  run_parties(world, [&](Parties& parties) {
    const PeerTable table = table_of(banks[static_cast<std::size_t>(parties.self())]);
    const PeerAnswer answer =
        paillier_match_trial(trial, parties, match, table, [](double, std::string_view) {});
    if (parties.self() == match.asker) {
      rows = answer.rows;
    } else {
      EXPECT_TRUE(answer.rows.empty());
    }
  });
  return rows;
}

std::vector<bool> expected(const std::vector<Bank>& banks, const PeerMatch& match) {
  const testing::Oracle oracle(banks);
  const MatchRequest request{
      .threshold = match.threshold, .min_flags = match.flags ? 1U : 0U, .recipients = {}};
  std::vector<bool> rows;
  for (const std::uint64_t x : banks[static_cast<std::size_t>(match.asker)].identifiers) {
    rows.push_back(oracle.matches(x, request));
  }
  return rows;
}

TEST(PaillierMatch, FindsWhatTheDefinitionSays) {
  for (const std::size_t t : {2U, 3U, 4U, 5U, 8U}) {
    for (const bool flags : {false, true}) {
      for (const std::uint64_t threshold : {std::size_t{1}, std::size_t{2}, t}) {
        const auto banks = testing::random_banks(t, 12, 20, static_cast<unsigned>(t));
        const PeerMatch match{
            .asker = static_cast<int>(t / 2), .threshold = threshold, .flags = flags, .bounds = {}};
        EXPECT_EQ(asked(banks, match), expected(banks, match))
            << t << " banks, threshold " << threshold << ", flags " << flags;
      }
    }
  }
}

}  // namespace
}  // namespace polder
