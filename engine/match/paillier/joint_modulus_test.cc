#include "match/paillier/joint_modulus.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "net/memory_parties.h"

namespace polder {
namespace {

bool prime(const Integer& x) { return mpz_probab_prime_p(x.get_mpz_t(), 40) > 0; }

TEST(JointProducts, AreThoseOfThePlainSums) {
  for (const auto& [dealers, count] : {std::pair(1, 1), {2, 2}, {2, 3}, {3, 5}, {5, 9}}) {
    const int leader = count / 2;
    const auto summands = [](int party) {
      std::vector<Summands> rows{{0, 0, 0}, {1, 1, 1}, {party, 1, 0}};
      rows.push_back(
          {(Integer(1) << 500) + party, (Integer(3) << 501) - party, Integer(party) << 900});
      return rows;
    };
    const JointPlaces places = JointPlaces::among(leader, dealers, count);
    std::vector<Integer> expected;
    for (std::size_t row = 0; row < 4; ++row) {
      Integer a, b, c;
      for (int i = 0; i < dealers; ++i) {
        const Summands mine = summands(places.evaluators[static_cast<std::size_t>(i)])[row];
        a += mine.a;
        b += mine.b;
        c += mine.c;
      }
      expected.push_back(a * b + c);
    }
    MemoryParties world(count);
    run_parties(world, [&](Parties& parties) {
      const auto products = JointProducts::make(parties, places, {.factors = 504, .results = 1024});
      const auto mine =
          places.deals(parties.self()) ? summands(parties.self()) : std::vector<Summands>{};
      const auto found = products->multiply(4, mine);
      EXPECT_EQ(found, parties.self() == leader ? expected : std::vector<Integer>{});
    });
  }
}

TEST(JointModulus, IsTheProductOfTwoPrimesThatTheSummandsMake) {
  for (const int count : {2, 3, 4, 5, 7}) {
    MemoryParties world(count);
    std::vector<JointModulus> made(static_cast<std::size_t>(count));
    const JointPlaces places = JointPlaces::among(1, std::max(2, (count + 1) / 2), count);
    std::uint64_t batches = 0;
    run_parties(world, [&](Parties& parties) {
      const bool leads = parties.self() == 1;
      made[static_cast<std::size_t>(parties.self())] =
          joint_modulus(parties, places, 512, [&, leads](double, std::string_view) {
            if (leads) ++batches;
          });
    });
    // Nearly always the first candidate that passes one test passes all.
    const std::uint64_t at_the_end = made[1].rounds - batches * key_rounds_a_batch;
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

}  // namespace
}  // namespace polder
