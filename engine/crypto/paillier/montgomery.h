// Products and powers modulo odd numbers of thousands of bits, many at a time and in time that does
// not depend on the numbers.  Source: Montgomery, "Modular multiplication without trial division",
// Mathematics of Computation 44 (1985).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/memory.h"
#include "crypto/paillier/integer.h"

namespace polder {

class MontgomeryLanes;
struct Exponents;

/// The processor's vector multiplier where it has one, or GMP's on any processor.
enum class Multiplier { best, portable };

/// An odd modulus n of w words. A number x below n stands as x R mod n, R = 2^(64 w): 'in
/// Montgomery form', in w words, little-endian. Arrays hold such numbers one after the other; an
/// output may be one of the inputs. The work is shared among free cores.
class Modulus {
 public:
  /// n odd, of 65 bits or more.
  explicit Modulus(const Integer& n, Multiplier multiplier = Multiplier::best);
  Modulus(const Modulus&) = delete;
  Modulus& operator=(const Modulus&) = delete;
  ~Modulus();

  const Integer& value() const { return value_; }
  std::size_t words() const { return words_; }
  /// R^exponent as plain words: what stands for R^(exponent - 1).
  Words power_of_r(int exponent) const;

  Words enter(const Integer& x) const;  // x in [0, n)
  Integer leave(std::span<const std::uint64_t> x) const;

  /// out[i] = a[i] b[i]
  void multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
                std::size_t count) const;
  /// x[i] = x[i]^(2^times)
  void square(std::uint64_t* x, int times, std::size_t count) const;
  /// out[i] = x[i]^exponent, for one secret exponent of a public number of words.
  void power(const std::uint64_t* x, std::span<const std::uint64_t> exponent, std::uint64_t* out,
             std::size_t count) const;
  /// out[i] = x[i]^exponents[i], each secret and of `words` words.
  void powers(const std::uint64_t* x, const std::uint64_t* exponents, std::size_t words,
              std::uint64_t* out, std::size_t count) const;

  /// Whether all numbers are below n: the only form in which they may come from others.
  bool holds(const std::uint64_t* x, std::size_t count) const;
  /// x[0] x[1] ...: shares a factor with n if any of them does.
  Words product(const std::uint64_t* x, std::size_t count) const;

  const std::uint64_t* limbs() const { return n_.data(); }
  /// Null if GMP multiplies.
  const MontgomeryLanes* lanes() const { return lanes_.get(); }

  /// One product by GMP. scratch [scratch_words()].
  void multiply_one(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
                    std::uint64_t* scratch) const;
  std::size_t scratch_words() const;

 private:
  void power_each(const std::uint64_t* x, const Exponents& exponents, std::uint64_t* out,
                  std::size_t count) const;
  void power_one(const std::uint64_t* x, std::span<const std::uint64_t> exponent,
                 std::uint64_t* out) const;

  Integer value_;
  std::size_t words_;
  Words n_;
  std::uint64_t negative_inverse_;  // -1 / n mod 2^64
  std::unique_ptr<const MontgomeryLanes> lanes_;
};

}  // namespace polder
