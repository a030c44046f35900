// For tests and measurements: moduli of primes that anyone can read here.
#pragma once

#include <map>

#include "crypto/paillier/integer.h"

namespace polder {

/// The product of the two first primes from 3 * 2^(bits/2 - 2) on that are 3 mod 4: whoever sees a
/// test's messages can decrypt them.
inline const Integer& trial_modulus(int bits) {
  thread_local std::map<int, Integer> made;
  Integer& modulus = made[bits];
  if (modulus != 0) return modulus;
  Integer p = Integer(3) << (bits / 2 - 2);
  const auto next = [&] {
    do {
      mpz_nextprime(p.get_mpz_t(), p.get_mpz_t());
    } while (p % 4 != 3);
    return p;
  };
  const Integer first = next();
  return modulus = first * next();
}

}  // namespace polder
