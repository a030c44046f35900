// Inside of montgomery.h: eight Montgomery products at a time, one in each lane of 512-bit vectors,
// by the 52-bit multiplier (AVX-512 IFMA) of processors that have one.  Source: Gueron, Krasnov,
// "Software implementation of modular exponentiation, using advanced vector instructions
// architectures", WAIFI 2012.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/memory.h"
#include "crypto/paillier/integer.h"

namespace polder {

/// Exponents of `words` words, `stride` apart: 0 if one is for all.
struct Exponents {
  const std::uint64_t* first;
  std::size_t words, stride;

  const std::uint64_t* of(std::size_t i) const { return first + i * stride; }
  Exponents from(std::size_t i) const { return {of(i), words, stride}; }
};

/// Numbers in memory are those of Modulus. In lanes x stands as x S, S = 2^(52 limbs), below 2 n,
/// in limbs of 52 bits; S > 4 n keeps products below 2 n without a subtraction between them.
class MontgomeryLanes {
 public:
  static bool supported();

  MontgomeryLanes(const Integer& n, std::size_t words);

  void multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t* out,
                std::size_t count) const;
  void square(std::uint64_t* x, int times, std::size_t count) const;
  void power(const std::uint64_t* x, const Exponents& exponents, std::uint64_t* out,
             std::size_t count) const;

  /// A table of numbers as `fixed_base` reads it: limbs of each number.
  Words table(const Words& numbers) const;
  /// table [windows, 64], digits [count, windows] -> out [count].
  void fixed_base(const Words& table, std::span<const std::uint8_t> digits, std::uint64_t* out,
                  std::size_t count) const;

 private:
  struct Work;

  std::size_t words_, limbs_;
  Words n_;                         // limbs
  Words to_lanes_;                  // S^2 / R mod n: takes x R to x S
  Words to_words_;                  // R mod n: takes x S to x R
  std::uint64_t negative_inverse_;  // -1 / n mod 2^52
  int shift_;                       // S = R 2^shift
};

}  // namespace polder
