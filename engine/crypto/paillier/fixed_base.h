// Powers of one base to many secret exponents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/memory.h"
#include "crypto/paillier/integer.h"
#include "crypto/paillier/montgomery.h"

namespace polder {

/// factor * base^e for exponents e of `exponent_bits` bits, from a table of the base's powers of
/// which each digit reads every entry: time and addresses do not depend on e.
/// Source: Brickell, Gordon, McCurley, Wilson, "Fast exponentiation with precomputation",
/// EUROCRYPT 1992.
class FixedBase {
 public:
  struct Power {
    Integer base;
    Integer factor = 1;  // both in [0, n)
    int exponent_bits;   // a multiple of 64
  };
  FixedBase(const Modulus& modulus, const Power& power);

  std::size_t exponent_words() const { return exponent_words_; }
  /// exponents [count, exponent_words] -> out [count] numbers in Montgomery form.
  void power(const std::uint64_t* exponents, std::uint64_t* out, std::size_t count) const;

 private:
  void make_table(const Power& power);

  const Modulus& modulus_;
  std::size_t exponent_words_, windows_;
  Words table_;  // [windows, window_size] numbers: base^(digit * window_size^window)
};

}  // namespace polder
