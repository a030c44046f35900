// The protocol against the definition, case by case, under a key of 512 bits: insecure, and quick.
#include "match/paillier/paillier_match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "match/paillier/sizes.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/peer_cases.h"

namespace polder {
namespace {

using testing::PeerCase;

template <BloomError error>
PeerAnswer insecure_match(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  return paillier_match_trial({.modulus = trial_modulus(512), .error = error}, parties, match,
                              table, progress);
}

class PaillierCases : public ::testing::TestWithParam<PeerCase> {};

TEST_P(PaillierCases, AreRight) {
  testing::expect_right(insecure_match<BloomError::whole_run>, GetParam());
}

std::string name_of(const ::testing::TestParamInfo<PeerCase>& info) { return info.param.name; }

constexpr testing::PeerCaseSizes sizes{.parties = 12, .rows = 100};
INSTANTIATE_TEST_SUITE_P(Named, PaillierCases, ::testing::ValuesIn(testing::peer_cases(sizes)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(EveryThreshold5, PaillierCases,
                         ::testing::ValuesIn(testing::every_threshold(5, true, 5)), name_of);
INSTANTIATE_TEST_SUITE_P(EveryThreshold4, PaillierCases,
                         ::testing::ValuesIn(testing::every_threshold(4, false, 5)), name_of);

TEST(PaillierMatch, ThePublishedFiltersSayMoreThanIsHeld) {
  // 50 banks' worth of look-ups at 2^-7 each: the oracle of why the error is for a whole run.
  const PeerCase many = testing::disjoint(12, 100);
  const PeerAnswer published = testing::run(insecure_match<BloomError::published>, many);
  EXPECT_GT(std::ranges::count(published.rows, true), 0);
}

template <int key_bits>
PeerAnswer match_of(Parties& parties, const PeerMatch& match, const PeerTable& table,
                    const Progress& progress) {
  return paillier_match_of(key_bits, parties, match, table, progress);
}

// N and nothing else is kept: what decrypts, and where filters have their cells, is drawn anew.
TEST(PaillierMatch, AKeptModulusServesLaterRunsWhoeverAsks) {
  PeerCase one = testing::every_threshold(3, true, 4)[1];
  const PeerAnswer first = testing::run(match_of<512>, one);
  const Integer n = from_words(first.kept);
  EXPECT_EQ(first.kept.size(), 8U);
  EXPECT_EQ(bits_of(n), 512);
  EXPECT_EQ(mpz_probab_prime_p(n.get_mpz_t(), 40), 0);
  one.match.kept = first.kept;
  const PeerAnswer later = testing::run(match_of<512>, one);
  EXPECT_TRUE(later.kept.empty());
  EXPECT_GE(first.rounds, later.rounds + 9);
  for (one.match.requester = 0; one.match.requester < 3; ++one.match.requester) {
    testing::expect_right(match_of<512>, one);
  }
}

TEST(PaillierMatch, AModulusOfOtherBitsIsMadeAnew) {
  PeerCase one = testing::every_threshold(3, false, 2)[1];
  one.match.kept = Words(10);
  to_words(trial_modulus(640), one.match.kept);
  EXPECT_EQ(bits_of(from_words(testing::run(match_of<512>, one).kept)), 512);
}

TEST(PaillierMatch, RefusesWhatIsWrongInTheAgreementOrATable) {
  PeerProtocol* const protocol = insecure_match<BloomError::whole_run>;
  testing::expect_wrong_agreements_refused(protocol);
  PeerCase wrong = testing::every_threshold(3, true, 4)[1];
  wrong.match.bounds.assign(3, std::uint64_t{1} << 20);
  testing::expect_refused(protocol, wrong, "use 'quorum'");
}

/// In log2, what a requester keeps in a run of so many banks with so many rows each.
double log2_of_bytes(int banks, std::uint64_t rows) {
  PeerMatch match{.requester = 0, .threshold = 2, .flags = true, .bounds = {}};
  match.bounds.assign(static_cast<std::size_t>(banks), rows);
  return std::log2(PaillierSizes(match, banks, 2048, BloomError::whole_run).requester_bytes());
}

TEST(PaillierMatch, RefusesRunsThatTakeTheRequesterMoreThanFourGigabytes) {
  // By hand: 56 hashes in filters of 81 cells a row, tables of 2 x 7 and 2 + 3 + 3 entries a row.
  EXPECT_NEAR(std::log2(768.0 * 30'000 * (81 + 8)), log2_of_bytes(2, 30'000), 0.01);
  // Many banks: their tables are more than a filter.
  EXPECT_NEAR(std::log2(768.0 * 512 * (49 * 14 + 104)), log2_of_bytes(50, 512), 0.01);

  PeerCase large = testing::every_threshold(3, true, 4)[1];
  large.match.bounds.assign(3, 60'000);
  testing::expect_refused(paillier_match, large, "more than 4 GiB");
  EXPECT_LT(log2_of_bytes(3, 59'000), 32);
}

/// The most rows that a requester may list beside banks of the least bound: what takes the longest
/// masks.
TEST(PaillierMatch, MasksFitAWordInEveryRunThatIsNotRefused) {
  for (const bool flags : {false, true}) {
    for (int banks = 2; banks <= 64; ++banks) {
      PeerMatch match{.requester = 0, .threshold = 2, .flags = flags, .bounds = {}};
      const auto sizes_of = [&](std::uint64_t rows) {
        match.bounds.assign(static_cast<std::size_t>(banks), 16);
        match.bounds[0] = rows;
        return PaillierSizes(match, banks, 2048, BloomError::whole_run);
      };
      std::uint64_t rows = 16;
      for (std::uint64_t step = 1 << 24; step > 0; step /= 2) {
        if (sizes_of(rows + step).requester_bytes() <= std::uint64_t{4} << 30) rows += step;
      }
      EXPECT_GT(rows, 1000U);
      EXPECT_LE(sizes_of(rows).mask_bits, 64) << banks << " banks, " << rows << " rows";
    }
  }
}

}  // namespace
}  // namespace polder
