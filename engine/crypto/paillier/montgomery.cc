#include "crypto/paillier/montgomery.h"

#include <gmp.h>

#include <algorithm>
#include <vector>

#include "base/bits.h"
#include "base/error.h"
#include "base/parallel.h"
#include "crypto/paillier/montgomery_lanes.h"

namespace polder {
namespace {

constexpr std::size_t grain = 8;  // numbers: what the vector multiplier takes at once
constexpr std::size_t window_bits = 4, window_size = 16;

// -1 / n mod 2^64: each step doubles the number of right bits.
std::uint64_t negative_inverse(std::uint64_t n) {
  std::uint64_t inverse = n;
  for (int i = 0; i < 6; ++i) inverse *= 2 - n * inverse;
  return 0 - inverse;
}

}  // namespace

Modulus::Modulus(const Integer& n, Multiplier multiplier)
    : value_(n), words_(words_for_bits(static_cast<std::size_t>(bits_of(n)))), n_(words_) {
  require(n > 0 && mpz_odd_p(n.get_mpz_t()) && words_ > 1, "modulus: must be odd and large");
  to_words(n, n_);
  negative_inverse_ = negative_inverse(n_[0]);
  if (multiplier == Multiplier::best && MontgomeryLanes::supported())
    lanes_ = std::make_unique<MontgomeryLanes>(value_, words_);
}

Modulus::~Modulus() = default;

Words Modulus::power_of_r(int exponent) const {
  const Integer r = Integer(1) << (64 * words_ * static_cast<std::size_t>(exponent));
  Words words(words_);
  to_words(r % value_, words);
  return words;
}

Words Modulus::enter(const Integer& x) const {
  require(x >= 0 && x < value_, "modulus: number out of range");
  Words words(words_);
  to_words((x << (64 * words_)) % value_, words);
  return words;
}

Integer Modulus::leave(std::span<const std::uint64_t> x) const {
  Words one(words_, 0), scratch(scratch_words()), plain(words_);
  one[0] = 1;
  multiply_one(x.data(), one.data(), plain.data(), scratch.data());
  return from_words(plain);
}

std::size_t Modulus::scratch_words() const {
  const auto w = static_cast<mp_size_t>(words_);
  return 2 * words_ + static_cast<std::size_t>(mpn_sec_mul_itch(w, w));
}

void Modulus::multiply_one(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
                           std::uint64_t* scratch) const {
  const auto w = static_cast<mp_size_t>(words_);
  std::uint64_t* product = scratch;
  mpn_sec_mul(product, a, w, b, w, scratch + 2 * words_);
  // Each step makes one more low word zero; its place keeps the carry for the high half.
  for (std::size_t i = 0; i < words_; ++i) {
    product[i] = mpn_addmul_1(product + i, n_.data(), w, product[i] * negative_inverse_);
  }
  const std::uint64_t carry = mpn_add_n(out, product + words_, product, w);
  const std::uint64_t borrow = mpn_sub_n(product, out, n_.data(), w);
  const std::uint64_t keep = 0 - static_cast<std::uint64_t>(carry < borrow);
  for (std::size_t i = 0; i < words_; ++i) out[i] = (out[i] & keep) | (product[i] & ~keep);
}

void Modulus::multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
                       std::size_t count) const {
  parallel_ranges(count, grain, [&](std::size_t begin, std::size_t end) {
    const std::size_t at = begin * words_;
    if (lanes_) return lanes_->multiply(a + at, b + at, out + at, end - begin);
    Words scratch(scratch_words());
    for (std::size_t i = at; i < end * words_; i += words_) {
      multiply_one(a + i, b + i, out + i, scratch.data());
    }
  });
}

void Modulus::square(std::uint64_t* x, int times, std::size_t count) const {
  parallel_ranges(count, grain, [&](std::size_t begin, std::size_t end) {
    if (lanes_) return lanes_->square(x + begin * words_, times, end - begin);
    Words scratch(scratch_words());
    for (std::size_t i = begin * words_; i < end * words_; i += words_) {
      for (int k = 0; k < times; ++k) multiply_one(x + i, x + i, x + i, scratch.data());
    }
  });
}

void Modulus::power(const std::uint64_t* x, std::span<const std::uint64_t> exponent,
                    std::uint64_t* out, std::size_t count) const {
  power_each(x, {exponent.data(), exponent.size(), 0}, out, count);
}

void Modulus::powers(const std::uint64_t* x, const std::uint64_t* exponents, std::size_t words,
                     std::uint64_t* out, std::size_t count) const {
  power_each(x, {exponents, words, words}, out, count);
}

void Modulus::power_each(const std::uint64_t* x, const Exponents& exponents, std::uint64_t* out,
                         std::size_t count) const {
  parallel_ranges(count, grain, [&](std::size_t begin, std::size_t end) {
    const std::size_t at = begin * words_;
    if (lanes_) return lanes_->power(x + at, exponents.from(begin), out + at, end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      power_one(x + i * words_, {exponents.of(i), exponents.words}, out + i * words_);
    }
  });
}

void Modulus::power_one(const std::uint64_t* x, std::span<const std::uint64_t> exponent,
                        std::uint64_t* out) const {
  Words scratch(scratch_words()), powers(window_size * words_), factor(words_);
  Words running = power_of_r(1);
  std::ranges::copy(running, powers.begin());
  for (std::size_t d = 1; d < window_size; ++d) {
    multiply_one(&powers[(d - 1) * words_], x, &powers[d * words_], scratch.data());
  }
  for (std::size_t bit = exponent.size() * 64; bit > 0; bit -= window_bits) {
    for (std::size_t k = 0; k < window_bits; ++k) {
      multiply_one(running.data(), running.data(), running.data(), scratch.data());
    }
    const std::size_t low = bit - window_bits;
    const std::uint64_t digit = exponent[low / 64] >> (low % 64) & (window_size - 1);
    mpn_sec_tabselect(factor.data(), powers.data(), static_cast<mp_size_t>(words_), window_size,
                      digit);
    multiply_one(running.data(), factor.data(), running.data(), scratch.data());
  }
  std::ranges::copy(running, out);
}

bool Modulus::holds(const std::uint64_t* x, std::size_t count) const {
  bool all = true;
  for (std::size_t i = 0; i < count; ++i) {
    all &= mpn_cmp(x + i * words_, n_.data(), static_cast<mp_size_t>(words_)) < 0;
  }
  return all;
}

Words Modulus::product(const std::uint64_t* x, std::size_t count) const {
  if (count == 0) return power_of_r(1);
  // Halves on halves: each step is one batch of independent products.
  Words left(x, x + count * words_);
  while (count > 1) {
    const std::size_t half = count / 2;
    multiply(left.data(), &left[(count - half) * words_], left.data(), half);
    count -= half;
  }
  left.resize(words_);
  return left;
}

}  // namespace polder
