#include "crypto/paillier/paillier.h"

#include <gmp.h>

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/random.h"

namespace polder {
namespace {

Integer inverse(const Integer& x, const Integer& n) {
  Integer out;
  if (mpz_invert(out.get_mpz_t(), x.get_mpz_t(), n.get_mpz_t()) == 0) {
    fail(Code::cheating, "paillier: a number shares a factor with the key; make a new key");
  }
  return out;
}

// A square mod n whose root nobody chose: 128 bits more than n, so that it is as good as uniform.
Integer square_from_hash(const Integer& n) {
  const Integer x = expand(hash_of(n, "paillier generator"), 0, bits_of(n) + 128);
  return x * x % n;
}

Integer joint(const Modulus& n, const std::vector<Words>& parts) {
  Integer h = 1;
  for (const Words& part : parts) h = h * n.leave(part) % n.value();
  return h;
}

Integer power(const Integer& base, const Integer& exponent, const Integer& n) {
  Integer out;
  mpz_powm(out.get_mpz_t(), base.get_mpz_t(), exponent.get_mpz_t(), n.get_mpz_t());
  return out;
}

bool coprime(const Modulus& modulus, const Words& x, const Integer& n) {
  return gcd(modulus.leave(x), n) == 1;
}

}  // namespace

PaillierShare PaillierShare::random() {
  PaillierShare share;
  random_words(share.words_);
  return share;
}

PaillierGroup::PaillierGroup(const Integer& n) : n_(n), generator_(square_from_hash(n)) {}

Words PaillierGroup::public_part(const PaillierShare& share) const {
  const Words g = n_.enter(generator_);
  Words part(n_.words());
  n_.power(g.data(), share.words(), part.data(), 1);
  return part;
}

bool PaillierGroup::is_part(std::span<const std::uint64_t> number) const {
  return n_.holds(number.data(), 1) && gcd(n_.leave(number), n_.value()) == 1;
}

PaillierKey::PaillierKey(std::shared_ptr<const PaillierGroup> group,
                         const std::vector<Words>& parts, int blind_bits)
    : group_(std::move(group)),
      n_squared_(n().value() * n().value()),
      h_(joint(n(), parts)),
      powers_of_g_(n(), {.base = group_->generator(), .exponent_bits = blind_bits}),
      powers_of_h_(n_squared_, {.base = power(h_, n().value(), n_squared_.value()),
                                // One R more than Montgomery form: `encrypt` takes it off again.
                                .factor = n_squared_.leave(n_squared_.power_of_r(2)),
                                .exponent_bits = blind_bits}) {
  require(n_squared_.words() == 2 * n().words(), "paillier: a key of whole words");
}

Digest256 PaillierKey::fingerprint() const {
  const Digest256 n = hash_of(group_->n().value(), "paillier n"), h = hash_of(h_, "paillier h");
  return Hasher<32>().add(n).add(h).finish();
}

Blinds PaillierKey::blinds(std::size_t count) const {
  Blinds fresh{count, Words(count * n().words()), Words(count * n_squared_.words())};
  Words exponents(count * powers_of_g_.exponent_words());
  random_words(exponents);
  powers_of_g_.power(exponents.data(), fresh.u.data(), count);
  powers_of_h_.power(exponents.data(), fresh.v.data(), count);
  return fresh;
}

// 1 + m N as plain words: the first factor of a product by which R leaves.
Words PaillierKey::one_plus(std::size_t count, std::span<const std::uint64_t> messages) const {
  const std::size_t w = n().words(), each = count == 0 ? 0 : messages.size() / count;
  require(messages.size() == count * each && each <= w && (count == 0 || each > 0),
          "paillier: as many messages as ciphertexts");
  const auto long_words = static_cast<mp_size_t>(w), short_words = static_cast<mp_size_t>(each);
  Words out(count * 2 * w, 0);
  Words scratch(
      static_cast<std::size_t>(mpn_sec_mul_itch(long_words, std::max<mp_size_t>(1, short_words))) +
      2 * w);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t* to = &out[i * 2 * w];
    mpn_sec_mul(to, n().limbs(), long_words, &messages[i * each], short_words, scratch.data());
    mpn_sec_add_1(to, to, static_cast<mp_size_t>(2 * w), 1, scratch.data());
  }
  return out;
}

Ciphertexts PaillierKey::encrypt(const Blinds& blinds,
                                 std::span<const std::uint64_t> messages) const {
  Ciphertexts out{blinds.count, blinds.u, one_plus(blinds.count, messages)};
  n_squared_.multiply(out.v.data(), blinds.v.data(), out.v.data(), out.count);
  return out;
}

Ciphertexts PaillierKey::nothing(std::size_t count) const {
  Ciphertexts out{count, {}, {}};
  const Words one = n().power_of_r(1), one_squared = n_squared_.power_of_r(1);
  for (std::size_t i = 0; i < count; ++i) {
    out.u.insert(out.u.end(), one.begin(), one.end());
    out.v.insert(out.v.end(), one_squared.begin(), one_squared.end());
  }
  return out;
}

void PaillierKey::add(Ciphertexts& x, const Ciphertexts& y) const {
  require(x.count >= y.count, "paillier: more additive shares than sums");
  n().multiply(x.u.data(), y.u.data(), x.u.data(), y.count);
  n_squared_.multiply(x.v.data(), y.v.data(), x.v.data(), y.count);
}

void PaillierKey::add_public(Ciphertexts& x, std::span<const std::uint64_t> messages) const {
  const Words factors = one_plus(x.count, messages), r_squared = n_squared_.power_of_r(2);
  Words entered(factors.size());
  for (std::size_t i = 0; i < x.count; ++i) {
    std::ranges::copy(r_squared,
                      entered.begin() + static_cast<std::ptrdiff_t>(i * r_squared.size()));
  }
  n_squared_.multiply(factors.data(), entered.data(), entered.data(), x.count);
  n_squared_.multiply(x.v.data(), entered.data(), x.v.data(), x.count);
}

void PaillierKey::negate(Ciphertexts& x) const {
  const auto invert = [&](const Modulus& modulus, Words& numbers) {
    const std::size_t w = modulus.words();
    for (std::size_t i = 0; i < x.count; ++i) {
      const std::span<std::uint64_t> number(&numbers[i * w], w);
      std::ranges::copy(modulus.enter(inverse(modulus.leave(number), modulus.value())),
                        number.begin());
    }
  };
  invert(n(), x.u);
  invert(n_squared_, x.v);
}

void PaillierKey::scale(Ciphertexts& x, std::span<const std::uint64_t> factors,
                        std::size_t words) const {
  require(factors.size() == x.count * words, "paillier: one factor for each ciphertext");
  n().powers(x.u.data(), factors.data(), words, x.u.data(), x.count);
  n_squared_.powers(x.v.data(), factors.data(), words, x.v.data(), x.count);
}

void PaillierKey::shift(Ciphertexts& x, int places) const {
  n().square(x.u.data(), places, x.count);
  n_squared_.square(x.v.data(), places, x.count);
}

void PaillierKey::refresh(Ciphertexts& x) const { add(x, encrypt(x.count, Words(x.count, 0))); }

Ciphertexts PaillierKey::pick(const Ciphertexts& x, std::span<const std::size_t> rows) const {
  const std::size_t w = n().words();
  Ciphertexts out{rows.size(), Words(rows.size() * w), Words(rows.size() * 2 * w)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(&x.u[rows[i] * w], w, &out.u[i * w]);
    std::copy_n(&x.v[rows[i] * 2 * w], 2 * w, &out.v[i * 2 * w]);
  }
  return out;
}

bool PaillierKey::valid(const Ciphertexts& x) const {
  return n().holds(x.u.data(), x.count) && n_squared_.holds(x.v.data(), x.count) &&
         coprime(n(), n().product(x.u.data(), x.count), n().value()) &&
         coprime(n_squared_, n_squared_.product(x.v.data(), x.count), n().value());
}

bool PaillierKey::valid(std::span<const std::uint64_t> numbers) const {
  const std::size_t count = numbers.size() / n().words();
  return n().holds(numbers.data(), count) &&
         coprime(n(), n().product(numbers.data(), count), n().value());
}

Words PaillierKey::inverses(const Ciphertexts& x) const {
  const std::size_t w = n().words();
  Words out(x.count * w);
  for (std::size_t i = 0; i < x.count; ++i) {
    const Integer u = n().leave({&x.u[i * w], w});
    std::ranges::copy(n().enter(inverse(u, n().value())),
                      out.begin() + static_cast<std::ptrdiff_t>(i * w));
  }
  return out;
}

Words PaillierKey::raise(std::span<const std::uint64_t> numbers, const PaillierShare& share) const {
  Words out(numbers.size());
  n().power(numbers.data(), share.words(), out.data(), numbers.size() / n().words());
  return out;
}

std::vector<Integer> PaillierKey::combine(const Ciphertexts& x,
                                          std::span<const std::uint64_t> raised) const {
  const std::size_t w = n().words();
  Words masks(x.count * 2 * w), exponent(w);
  to_words(n().value(), exponent);
  for (std::size_t i = 0; i < x.count; ++i) {
    std::ranges::copy(n_squared_.enter(n().leave(raised.subspan(i * w, w))),
                      masks.begin() + static_cast<std::ptrdiff_t>(i * 2 * w));
  }
  n_squared_.power(masks.data(), exponent, masks.data(), x.count);
  n_squared_.multiply(masks.data(), x.v.data(), masks.data(), x.count);
  std::vector<Integer> messages;
  for (std::size_t i = 0; i < x.count; ++i) {
    const Integer scaled = n_squared_.leave({&masks[i * 2 * w], 2 * w}) - 1;
    if (!mpz_divisible_p(scaled.get_mpz_t(), n().value().get_mpz_t())) {
      fail(Code::cheating, "paillier: the parts of a decryption do not fit its ciphertext");
    }
    messages.push_back(scaled / n().value());
  }
  return messages;
}

}  // namespace polder
