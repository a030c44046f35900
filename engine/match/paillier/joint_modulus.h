// A product N of two primes that nobody knows, made by several parties together.
// Source: Boneh, Franklin, "Efficient generation of shared RSA keys", Journal of the ACM 48 (2001).
#pragma once

#include "base/progress.h"
#include "crypto/paillier/integer.h"
#include "match/paillier/joint_product.h"
#include "net/parties.h"

namespace polder {

/// N = (sum of p)(sum of q), of exactly the bits asked for; N and (p - 1)(q - 1) have no common
/// factor. All parties learn N; a dealer also knows its own additive shares, which it should
/// forget.
struct JointModulus {
  Integer n;
  Integer p, q;  // this party's additive shares; 0 if it is no dealer
  std::uint64_t rounds = 0;
};

/// Candidates are drawn so many at a time, with so many rounds, until one passes; then so many
/// more.
inline constexpr std::size_t key_candidates_at_once = 128;
inline constexpr std::uint64_t key_rounds_per_batch = 5, key_rounds_at_the_end = 4;

/// For an even number of bits from 512 on. `progress` hears of each batch before it is drawn.
/// Called by all parties with the same roles.  Reveals to all: N, candidates that are no such
/// product, and to the leader what its tests of N give.  Any dealers - 1 parties learn nothing
/// else.  Throws Error cheating, and what Channel throws.
JointModulus joint_modulus(Parties& parties, const JointRoles& roles, int bits,
                           const Progress& progress);

/// Bases for the test of n, the same at all parties and of Jacobi symbol 1. Their Legendre symbols
/// mod p show to the leader.
Integer test_base(const Integer& n, std::uint64_t number);

/// One of its steps: a dealer's additive shares of r x + r' n, of which x is shared too and has
/// half as many bits as n; r and r' are random. The result has with n the common factors that x
/// has: if there is none it is uniform mod n, and r' hides the rest.
AdditiveShares hidden_multiple(const Integer& x, const Integer& n);

}  // namespace polder
