// Products of sums to which each of several parties gives a summand, opened to one of them: by
// Shamir's shares modulo a Mersenne prime, so that integers come out as they are.
// Source: Ben-Or, Goldwasser, Wigderson, "Completeness theorems for non-cryptographic
// fault-tolerant distributed computation", STOC 1988.
#pragma once

#include <vector>

#include "crypto/integer.h"
#include "net/parties.h"

namespace polder {

/// The places of a computation: the first `dealers` of the evaluators give summands, the very first
/// is the leader. There are 2 dealers - 1 evaluators, and dealers - 1 of them, whichever they are,
/// learn nothing.
struct JointPlaces {
  static JointPlaces among(int leader, int dealers, int parties);

  std::vector<int> evaluators;
  std::size_t dealers;

  int leader() const { return evaluators.front(); }
  bool evaluates(int party) const;
  bool deals(int party) const;
};

/// A dealer's summands of a, b and c in a b + c.
struct Summands {
  Integer a, b, c;
};

/// (sum of a)(sum of b) + sum of c for each of `count` rows, to the leader; nothing to others.
/// Called by all evaluators; `mine` [count] counts for dealers only. The results are non-negative
/// and below 2^bits.  2 rounds.  Reveals the results to the leader: the caller says why.
std::vector<Integer> joint_products(Parties& parties, const JointPlaces& places, int bits,
                                    std::size_t count, const std::vector<Summands>& mine);

}  // namespace polder
