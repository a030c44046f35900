#include "crypto/paillier/paillier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/error.h"

namespace polder {
namespace {

// The oracle: decrypts with N's factors alone, by the definition of composite residuosity.
struct Factors {
  Integer p, q;
  Integer n() const { return p * q; }
  Integer decrypt(const PaillierKey& key, const Ciphertexts& x, std::size_t i) const {
    const std::size_t w = key.n_squared().words();
    const Integer v = key.n_squared().leave({&x.v[i * w], w}), phi = (p - 1) * (q - 1);
    Integer power, inverse;
    const Integer square = n() * n(), modulus = n();
    mpz_powm(power.get_mpz_t(), v.get_mpz_t(), phi.get_mpz_t(), square.get_mpz_t());
    mpz_invert(inverse.get_mpz_t(), phi.get_mpz_t(), modulus.get_mpz_t());
    return (power - 1) / n() * inverse % n();
  }
};

Integer prime_above(Integer x) {
  Integer prime;
  mpz_nextprime(prime.get_mpz_t(), x.get_mpz_t());
  return prime;
}

Factors factors(int bits) {
  const Integer low = Integer(3) << (bits / 2 - 2);
  return {prime_above(low + random_bits(bits / 2 - 8)),
          prime_above(low + random_bits(bits / 2 - 8))};
}

struct Holders {
  explicit Holders(const Integer& n, int count) {
    const auto group = std::make_shared<const PaillierGroup>(n);
    std::vector<Words> parts;
    for (int i = 0; i < count; ++i) {
      shares.push_back(PaillierShare::random());
      parts.push_back(group->public_part(shares.back()));
    }
    key = std::make_unique<PaillierKey>(group, parts);
  }
  std::vector<Integer> decrypt(const Ciphertexts& x) const {
    const Words inverses = key->inverses(x);
    Words all = key->raise(inverses, shares[0]);
    for (std::size_t i = 1; i < shares.size(); ++i) {
      const Words part = key->raise(inverses, shares[i]);
      key->n().multiply(all.data(), part.data(), all.data(), x.count);
    }
    return key->combine(x, all);
  }
  std::vector<PaillierShare> shares;
  std::unique_ptr<PaillierKey> key;
};

Words words_of(const PaillierKey& key, const std::vector<Integer>& messages) {
  Words out(messages.size() * key.n().words());
  for (std::size_t i = 0; i < messages.size(); ++i) {
    to_words(messages[i], {&out[i * key.n().words()], key.n().words()});
  }
  return out;
}

TEST(Paillier, DecryptsWhatGmpDecryptsWithTheFactors) {
  for (const int bits : {512, 1024, 2048}) {
    for (const int count : {1, 2, 5}) {
      const Factors known = factors(bits);
      const Holders holders(known.n(), count);
      const std::vector<Integer> messages{0, 1, 2, known.n() - 1, random_below(known.n())};
      const Ciphertexts x = holders.key->encrypt(5, words_of(*holders.key, messages));
      EXPECT_TRUE(holders.key->valid(x));
      EXPECT_EQ(holders.decrypt(x), messages);
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(known.decrypt(*holders.key, x, i), messages[i]);
      }
    }
  }
}

// Worked out in Python from the definition, with hashlib's BLAKE2b.
TEST(Paillier, KnownAnswer) {
  const auto number = [](const char* digits) { return Integer(digits, 16); };
  const Integer n = number("f00000000000002b") * number("e000000000000005");
  const auto group = std::make_shared<const PaillierGroup>(n);
  EXPECT_EQ(group->generator(), number("4a7d943e9ad35d0381a610a8e9f93d9"));
  const PaillierKey key(group, {group->public_part(PaillierShare::random())});
  const Integer u = number("8539d445072d8501b5daa9a53cf9c1c5");
  const Integer v = number("a6032eb43ffd736526812f82a5e60eef0931e0a3feab150ec582381dad964080");
  const Integer raised = number("4beac5e25343b282ebaf862a5509ff65");
  const Ciphertexts x{1, key.n().enter(u), key.n_squared().enter(v)};
  ASSERT_TRUE(key.valid(x));
  EXPECT_EQ(key.combine(x, key.n().enter(raised))[0],
            Integer("1234567890123456789012345678901234567"));
}

TEST(Paillier, SumsAreThoseOfPlainNumbers) {
  const Factors known = factors(512);
  const Holders holders(known.n(), 3);
  const PaillierKey& key = *holders.key;
  const Integer n = known.n();
  std::vector<Integer> a{0, 1, n - 1, 5}, b{n - 1, 1, n - 1, 7};
  for (int i = 0; i < 9; ++i) {
    a.push_back(random_below(n));
    b.push_back(random_below(n));
  }
  const std::size_t count = a.size();
  Ciphertexts x = key.encrypt(count, words_of(key, a)), negative = x, shifted = x, plus = x,
              scaled = x;
  const Ciphertexts y = key.encrypt(count, words_of(key, b));
  key.scale(scaled, words_of(key, b), key.n().words());
  key.add(x, y);
  key.refresh(x);
  key.negate(negative);
  key.shift(shifted, 61);
  key.add_public(plus, words_of(key, b));
  const auto sums = holders.decrypt(x), negatives = holders.decrypt(negative),
             products = holders.decrypt(shifted), public_sums = holders.decrypt(plus),
             multiples = holders.decrypt(scaled);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(sums[i], (a[i] + b[i]) % n);
    EXPECT_EQ(negatives[i], (n - a[i]) % n);
    EXPECT_EQ(products[i], (a[i] << 61) % n);
    EXPECT_EQ(public_sums[i], (a[i] + b[i]) % n);
    EXPECT_EQ(multiples[i], a[i] * b[i] % n);
  }
  EXPECT_EQ(holders.decrypt(key.nothing(2)), (std::vector<Integer>{0, 0}));
  const std::size_t rows[] = {3, 0, 3};
  EXPECT_EQ(holders.decrypt(key.pick(y, rows)), (std::vector<Integer>{b[3], b[0], b[3]}));
}

TEST(Paillier, ALackingShareDecryptsNothing) {
  const Factors known = factors(512);
  const Holders holders(known.n(), 3);
  const Ciphertexts x = holders.key->encrypt(1, Words{1});
  const Words inverses = holders.key->inverses(x);
  Words two = holders.key->raise(inverses, holders.shares[0]);
  const Words other = holders.key->raise(inverses, holders.shares[1]);
  holders.key->n().multiply(two.data(), other.data(), two.data(), 1);
  EXPECT_THROW(holders.key->combine(x, two), Error);
}

TEST(Paillier, RefreshedCiphertextsShareNoWord) {
  const Factors known = factors(512);
  const Holders holders(known.n(), 2);
  const Ciphertexts x = holders.key->encrypt(4, Words(4, 1));
  Ciphertexts y = x;
  holders.key->refresh(y);
  for (std::size_t i = 0; i < x.u.size(); ++i) EXPECT_NE(x.u[i], y.u[i]);
  for (std::size_t i = 0; i < x.v.size(); ++i) EXPECT_NE(x.v[i], y.v[i]);
}

TEST(Paillier, NumbersOutOfRangeOrWithAFactorOfTheKeyAreNotValid) {
  const Factors known = factors(512);
  const Holders holders(known.n(), 2);
  const PaillierKey& key = *holders.key;
  const Ciphertexts good = key.encrypt(3, Words(3, 1));
  const auto with = [&](std::size_t word, const Words& number, bool in_u) {
    Ciphertexts bad = good;
    std::ranges::copy(number, (in_u ? bad.u : bad.v).begin() + static_cast<std::ptrdiff_t>(word));
    return key.valid(bad);
  };
  const std::size_t w = key.n().words();
  EXPECT_TRUE(with(w, key.n().enter(1), true));
  EXPECT_FALSE(with(w, Words(w, 0), true));
  EXPECT_FALSE(with(w, Words(w, ~std::uint64_t{0}), true));
  EXPECT_FALSE(with(w, key.n().enter(known.p), true));
  EXPECT_FALSE(with(2 * w, Words(2 * w, 0), false));
  EXPECT_FALSE(with(2 * w, Words(2 * w, ~std::uint64_t{0}), false));
  EXPECT_FALSE(with(2 * w, key.n_squared().enter(known.q * 12345), false));
  EXPECT_TRUE(key.valid(std::span<const std::uint64_t>(good.u)));
  EXPECT_FALSE(key.valid(std::span<const std::uint64_t>(Words(w, 0))));
}

TEST(Paillier, TheSameModulusAndPartsGiveTheSameKey) {
  const Integer n = factors(512).n();
  const auto group = std::make_shared<const PaillierGroup>(n);
  const std::vector<Words> parts{group->public_part(PaillierShare::random())};
  const PaillierKey one(group, parts), two(std::make_shared<const PaillierGroup>(n), parts),
      other(group, {group->public_part(PaillierShare::random())});
  EXPECT_EQ(one.fingerprint(), two.fingerprint());
  EXPECT_NE(one.fingerprint(), other.fingerprint());
  EXPECT_EQ(mpz_jacobi(group->generator().get_mpz_t(), n.get_mpz_t()), 1);
}

}  // namespace
}  // namespace polder
