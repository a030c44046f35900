// Paillier encryption in its ElGamal form, which several parties can only decrypt together.
//
// Public: a product N of two primes that nobody knows, a square g, h = g^a mod N. The secret a is
// the sum of the key holders' shares. A message m of Z_N is encrypted as
//     u = g^r mod N,   v = (h^r)^N (1 + m N) mod N^2,
// sums of messages are products of ciphertexts, and (u^-a)^N v = 1 + m N. So a holder's part of a
// decryption is one power mod N with a short exponent, and nobody ever needs N's factors.
//
// Nobody learns anything of m under the decisional composite residuosity assumption and the
// decisional Diffie-Hellman assumption in the squares mod N with exponents of 256 bits.
// Sources: Paillier, "Public-key cryptosystems based on composite degree residuosity classes",
// EUROCRYPT 1999; Damgard, Jurik, "A length-flexible threshold cryptosystem with applications",
// ACISP 2003; Koshiba, Kurosawa, "Short exponent Diffie-Hellman problems", PKC 2004.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/memory.h"
#include "crypto/paillier/fixed_base.h"
#include "crypto/paillier/integer.h"
#include "crypto/paillier/montgomery.h"

namespace polder {

/// [count] pairs in Montgomery form (montgomery.h), also on the wire: all u, then all v.
struct Ciphertexts {
  std::size_t count = 0;
  Words u, v;
};

/// [count] encryptions of 0 that wait for their messages. Used once.
struct Blinds {
  std::size_t count = 0;
  Words u, v;
};

/// One holder's share of the secret exponent.
class PaillierShare {
 public:
  static constexpr std::size_t bits = 256;
  static PaillierShare random();
  std::span<const std::uint64_t> words() const { return words_; }

 private:
  PaillierShare() : words_(bits / 64) {}
  Words words_;
};

/// What all know of the key before the shares are drawn: N and g, a hash of N, squared.
class PaillierGroup {
 public:
  explicit PaillierGroup(const Integer& n);

  const Modulus& n() const { return n_; }
  const Integer& generator() const { return generator_; }
  /// g^share in Montgomery form: the holder's part of h.
  Words public_part(const PaillierShare& share) const;
  /// Whether a number from the wire can be one.
  bool is_part(std::span<const std::uint64_t> number) const;

 private:
  Modulus n_;
  Integer generator_;
};

class PaillierKey {
 public:
  /// parts: those of all holders. Encryptions draw exponents of blind_bits, a multiple of 64.
  PaillierKey(std::shared_ptr<const PaillierGroup> group, const std::vector<Words>& parts,
              int blind_bits = 256);
  PaillierKey(const PaillierKey&) = delete;
  PaillierKey& operator=(const PaillierKey&) = delete;

  const Modulus& n() const { return group_->n(); }
  const Modulus& n_squared() const { return n_squared_; }
  int bits() const { return bits_of(n().value()); }
  /// Words of `count` ciphertexts on the wire.
  std::size_t wire_words(std::size_t count) const { return 3 * n().words() * count; }
  /// Names this key: 32 bytes that all its holders and users can work out.
  std::array<std::uint8_t, 32> fingerprint() const;

  /// Fresh randomness for encryptions: all that is slow about them, before messages are known.
  Blinds blinds(std::size_t count) const;
  /// messages [count, words each], each below N. The time does not depend on them.
  Ciphertexts encrypt(const Blinds& blinds, std::span<const std::uint64_t> messages) const;
  Ciphertexts encrypt(std::size_t count, std::span<const std::uint64_t> messages) const {
    return encrypt(blinds(count), messages);
  }
  /// Encryptions of 0 without randomness: where a sum starts.
  Ciphertexts nothing(std::size_t count) const;

  /// x[i] += y[i] for all that y has.
  void add(Ciphertexts& x, const Ciphertexts& y) const;
  void add_public(Ciphertexts& x, std::span<const std::uint64_t> messages) const;
  void negate(Ciphertexts& x) const;
  /// x[i] *= factors[i], secret numbers of `words` words.
  void scale(Ciphertexts& x, std::span<const std::uint64_t> factors, std::size_t words) const;
  /// x[i] *= 2^places
  void shift(Ciphertexts& x, int places) const;
  /// The same messages under fresh randomness.
  void refresh(Ciphertexts& x) const;
  /// out[i] = x[rows[i]]
  Ciphertexts pick(const Ciphertexts& x, std::span<const std::size_t> rows) const;

  /// Whether these can be ciphertexts: below the moduli, and no factor in common with N.
  bool valid(const Ciphertexts& x) const;
  /// The same of numbers mod N: what holders are sent and send back.
  bool valid(std::span<const std::uint64_t> numbers) const;

  /// To decrypt: all holders raise `inverses(x)` to their shares; `combine` takes the product.
  Words inverses(const Ciphertexts& x) const;
  Words raise(std::span<const std::uint64_t> numbers, const PaillierShare& share) const;
  /// Throws Error cheating if a part was not what a holder would have sent.
  std::vector<Integer> combine(const Ciphertexts& x, std::span<const std::uint64_t> raised) const;

 private:
  Words one_plus(std::size_t count, std::span<const std::uint64_t> messages) const;

  std::shared_ptr<const PaillierGroup> group_;
  Modulus n_squared_;
  Integer h_;
  FixedBase powers_of_g_, powers_of_h_;
};

}  // namespace polder
