#include "match/paillier/joint_modulus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "crypto/paillier/paillier.h"
#include "match/paillier/trial_modulus.h"
#include "match/testing/peer_views.h"
#include "net/testing/memory_parties.h"
#include "net/testing/recording_parties.h"

namespace polder {
namespace {

bool prime(const Integer& x) { return mpz_probab_prime_p(x.get_mpz_t(), 40) > 0; }

TEST(JointProducts, AreThoseOfThePlainSums) {
  for (const auto& [dealers, count] : {std::pair(1, 1), {2, 2}, {2, 3}, {3, 5}, {5, 9}}) {
    const int leader = count / 2;
    const auto additive_shares = [](int party) {
      std::vector<AdditiveShares> rows{{0, 0, 0}, {1, 1, 1}, {party, 1, 0}};
      rows.push_back(
          {(Integer(1) << 500) + party, (Integer(3) << 501) - party, Integer(party) << 900});
      return rows;
    };
    const JointRoles roles = JointRoles::among(leader, dealers, count);
    std::vector<Integer> expected;
    for (std::size_t row = 0; row < 4; ++row) {
      Integer a, b, c;
      for (int i = 0; i < dealers; ++i) {
        const AdditiveShares mine =
            additive_shares(roles.evaluators[static_cast<std::size_t>(i)])[row];
        a += mine.a;
        b += mine.b;
        c += mine.c;
      }
      expected.push_back(a * b + c);
    }
    MemoryParties scenario(count);
    run_parties(scenario, [&](Parties& parties) {
      const auto products = JointProducts::make(parties, roles, {.factors = 504, .results = 1024});
      const auto mine = roles.deals(parties.self()) ? additive_shares(parties.self())
                                                    : std::vector<AdditiveShares>{};
      const auto found = products->multiply(4, mine);
      EXPECT_EQ(found, parties.self() == leader ? expected : std::vector<Integer>{});
    });
  }
}

// All factors are 0: the leader gets two values, at 2 and 3, of a polynomial of degree 2 that is 0
// at 0. Without a sharing of zero it would be a product of two lines through 0, a multiple of x^2,
// from which the leader, who knows its own line, could tell the others'.
TEST(JointProducts, TheLeaderSeesNoProductOfLines) {
  const JointRoles roles = JointRoles::among(0, 2, 3);
  MemoryParties scenario(3);
  run_parties(scenario, [&](Parties& parties) {
    Recording recording(Recording::Keep::bytes);
    RecordingParties recorded(parties, recording);
    const auto products =
        JointProducts::make(recorded.parties(), roles, {.factors = 250, .results = 500});
    const std::vector<AdditiveShares> zeros(roles.deals(parties.self()) ? 1 : 0);
    const std::vector<Integer> found = products->multiply(1, zeros);
    if (parties.self() != 0) return;
    EXPECT_EQ(found, std::vector<Integer>{0});
    const std::vector<Words> frames = testing::received_frames(recording);
    const Integer at_2 = from_words(frames[frames.size() - 2]), at_3 = from_words(frames.back());
    const Integer prime = (Integer(1) << 521) - 1;
    EXPECT_NE(at_2, 0);
    EXPECT_NE(Integer(at_2 * 9 % prime), Integer(at_3 * 4 % prime));
  });
}

TEST(JointModulus, IsTheProductOfTwoPrimesThatTheAdditiveSharesMake) {
  for (const int count : {2, 3, 4, 5, 7}) {
    MemoryParties scenario(count);
    std::vector<JointModulus> made(static_cast<std::size_t>(count));
    const JointRoles roles = JointRoles::among(1, std::max(2, (count + 1) / 2), count);
    std::uint64_t batches = 0;
    run_parties(scenario, [&](Parties& parties) {
      const bool leads = parties.self() == 1;
      made[static_cast<std::size_t>(parties.self())] =
          joint_modulus(parties, roles, 512, [&, leads](double, std::string_view) {
            if (leads) ++batches;
          });
    });
    // Nearly always the first candidate that passes one test passes all.
    const std::uint64_t at_the_end = made[1].rounds - batches * key_rounds_per_batch;
    EXPECT_EQ(at_the_end % key_rounds_at_the_end, 0u);
    Integer p, q;
    for (const JointModulus& one : made) {
      EXPECT_EQ(one.n, made[0].n);
      p += one.p;
      q += one.q;
    }
    EXPECT_TRUE(prime(p) && prime(q));
    EXPECT_EQ(p * q, made[0].n);
    EXPECT_EQ(bits_of(made[0].n), 512);
    EXPECT_EQ(gcd(made[0].n, (p - 1) * (q - 1)), 1);
  }
}

// The bases have Jacobi symbol 1, so their powers have; a random mask has either with 1/2.
TEST(JointModulus, ADealersPowersAreMasked) {
  const std::size_t tests = 31, words = 8;
  MemoryParties scenario(3);
  run_parties(scenario, [&](Parties& parties) {
    Recording recording(Recording::Keep::bytes);
    RecordingParties recorded(parties, recording);
    const JointModulus made = joint_modulus(recorded.parties(), JointRoles::among(0, 2, 3), 512,
                                            [](double, std::string_view) {});
    if (parties.self() != 0) return;
    const std::vector<Words> frames = testing::received_frames(recording);
    // The last frame of so many numbers has the tests of N itself.
    const auto powers = std::find_if(frames.rbegin(), frames.rend(), [&](const Words& frame) {
      return frame.size() == tests * words;
    });
    ASSERT_NE(powers, frames.rend());
    std::set<int> symbols;
    for (std::size_t i = 0; i < tests; ++i) {
      const Integer power = from_words({&(*powers)[i * words], words});
      symbols.insert(mpz_jacobi(power.get_mpz_t(), made.n.get_mpz_t()));
    }
    EXPECT_EQ(symbols, (std::set<int>{-1, 1}));
  });
}

/// b^((N + 1 - p - q) / 4) = +-1 for how many of the b of Jacobi symbol 1, and of how many.
std::pair<unsigned, unsigned> passing_bases(unsigned p, unsigned q) {
  const Integer n = p * q, exponent = (n + 1 - p - q) / 4;
  std::pair<unsigned, unsigned> out{0, 0};
  for (Integer b = 1; b < n; ++b) {
    if (mpz_jacobi(b.get_mpz_t(), n.get_mpz_t()) != 1) continue;
    Integer power;
    mpz_powm(power.get_mpz_t(), b.get_mpz_t(), exponent.get_mpz_t(), n.get_mpz_t());
    out.first += power == 1 || power == n - 1;
    ++out.second;
  }
  return out;
}

/// Why 32 bases are enough for 2^-64: of all small p and q, whatever is no product of two primes
/// and has no common factor with p + q - 1 passes a base with 1/4 at most; what is one passes all.
TEST(JointModulus, ABaseFindsAWrongModulusWithThreeQuarters) {
  unsigned wrong = 0, right = 0;
  for (unsigned p = 3; p <= 103; p += 4) {
    for (unsigned q = p + 4; q <= 103; q += 4) {  // squares are dropped before
      if (gcd(Integer(p * q), Integer(p + q - 1)) != 1) continue;
      const auto [passed, of] = passing_bases(p, q);
      if (prime(p) && prime(q)) {
        ++right;
        EXPECT_EQ(passed, of) << p << " " << q;
      } else {
        ++wrong;
        EXPECT_LE(4 * passed, of) << p << " " << q;
      }
    }
  }
  EXPECT_GT(right, 50U);
  EXPECT_GT(wrong, 100U);
}

/// A proof by Diffie-Hellman is given g and programs the hash that makes the bases: one must not
/// fix the other.
TEST(JointModulus, TheGeneratorIsNoSquareOfATestBase) {
  const Integer n = trial_modulus(512);
  const PaillierGroup group(n);
  for (std::uint64_t number = 0; number < 32; ++number) {
    const Integer base = test_base(n, number);
    EXPECT_NE(group.generator(), Integer(base * base % n));
  }
}

void expect_every_bit_drawn(const std::vector<Integer>& numbers, int bits) {
  const Integer all = (Integer(1) << bits) - 1;
  Integer ones = 0, zeros = 0;
  for (const Integer& number : numbers) ones |= number, zeros |= ~number;
  EXPECT_EQ(Integer(ones & all), all);
  EXPECT_EQ(Integer(zeros & all), all);
}

TEST(JointModulus, AHiddenMultipleHasTheCommonFactorsAndShowsNothingElse) {
  const Integer n = trial_modulus(512);
  Integer factor = Integer(3) << 254;  // from here on there is one
  while (n % factor != 0) mpz_nextprime(factor.get_mpz_t(), factor.get_mpz_t());
  for (const Integer& x : {factor, Integer(factor + 1)}) {
    std::vector<Integer> residues, above;
    for (int i = 0; i < 100; ++i) {
      const AdditiveShares one = hidden_multiple(x - 12345, n), other = hidden_multiple(12345, n);
      const Integer result = (one.a + other.a) * (one.b + other.b) + one.c + other.c;
      EXPECT_EQ(gcd(result, n), gcd(x, n));
      residues.push_back(result % n);
      above.push_back(result / n);
    }
    expect_every_bit_drawn(residues, 500);
    expect_every_bit_drawn(above, 512 / 2 + 88);  // of r', longer by 40 bits than what it hides
  }
}

}  // namespace
}  // namespace polder
