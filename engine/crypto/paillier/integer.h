// Whole numbers of any size: GMP's, whose memory is wiped when it is given back.
#pragma once

#include <gmpxx.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/hash.h"

namespace polder {

using Integer = mpz_class;

/// Makes GMP wipe what it frees, for the whole process; cheap after the first call, from any
/// thread. Every function here does this first.
void ready_gmp();

/// Uniform in [0, 2^bits).
Integer random_bits(int bits);
/// Uniform in [0, bound), bound > 0.
Integer random_below(const Integer& bound);

/// As good as uniform in [0, 2^bits), and the same to all who know `key`; another for each label.
Integer expand(std::span<const std::uint8_t, 32> key, std::uint64_t label, int bits);

inline int bits_of(const Integer& x) {
  return x == 0 ? 0 : static_cast<int>(mpz_sizeinbase(x.get_mpz_t(), 2));
}

/// Little-endian words; x >= 0 must fit.
void to_words(const Integer& x, std::span<std::uint64_t> words);
Integer from_words(std::span<const std::uint64_t> words);

/// Of its words. Keys for several uses of one number have a purpose each, so that none says
/// anything of another.
Digest256 hash_of(const Integer& x, std::string_view purpose);

/// base^exponent mod an odd modulus, in time that depends only on the sizes.
Integer power_in_constant_time(const Integer& base, const Integer& exponent,
                               const Integer& modulus);

}  // namespace polder
