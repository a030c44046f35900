// Products of sums to which each of several parties gives an additive share, opened to one of them.
#pragma once

#include <memory>
#include <vector>

#include "crypto/paillier/integer.h"
#include "net/parties.h"

namespace polder {

/// The roles of a computation: the first `dealers` of the evaluators give additive shares, the very
/// first is the leader. There are 2 dealers - 1 evaluators, or two of two parties; dealers - 1 of
/// them, whichever they are, learn nothing.
struct JointRoles {
  static JointRoles among(int leader, int dealers, int parties);

  std::vector<int> evaluators;
  std::size_t dealers;

  int leader() const { return evaluators.front(); }
  bool evaluates(int party) const;
  bool deals(int party) const;
};

/// A dealer's additive shares of a, b and c in a b + c.
struct AdditiveShares {
  Integer a, b, c;
};

/// Called by all evaluators.
class JointProducts {
 public:
  /// How large a run's numbers may be.
  struct Bits {
    int factors;  // of a and b
    int results;
  };
  /// By shares among all evaluators, or if there are only two parties by encryption
  /// (product_of_two.h).
  static std::unique_ptr<JointProducts> make(Parties& parties, const JointRoles& roles,
                                             const Bits& bits);
  JointProducts() = default;
  JointProducts(const JointProducts&) = delete;
  JointProducts& operator=(const JointProducts&) = delete;
  virtual ~JointProducts() = default;

  /// (sum of a)(sum of b) + sum of c for each of `count` rows, to the leader; nothing to others.
  /// `mine` [count] counts for dealers only. No result is negative.  2 rounds.  Reveals the results
  /// to the leader: the caller says why.
  virtual std::vector<Integer> multiply(std::size_t count,
                                        const std::vector<AdditiveShares>& mine) = 0;
};

}  // namespace polder
