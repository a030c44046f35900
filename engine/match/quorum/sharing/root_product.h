// A product over consecutive numbers k of (x - k), of a shared x: zero exactly where x is one of
// them. In few products: with c the sum of the first and the last k, (x - k)(x - (c - k)) is
// y + k (c - k) for y = x (x - c), so it is a polynomial of half the degree in y (times x - c/2 if
// the count is odd), whose coefficients are public; and that takes about two square roots of its
// degree products. Example, roots 3 to 6: c = 9 and y = x (x - 9); (x - 3)(x - 6) = y + 18,
// (x - 4)(x - 5) = y + 20, together y^2 + 38 y + 360: two products instead of three.  Source:
// Paterson, Stockmeyer, "On the number of nonscalar multiplications necessary to evaluate
// polynomials", SIAM J. Computing 1973.
#pragma once

#include "match/quorum/parameters.h"
#include "match/quorum/sharing/sharing.h"

namespace polder::quorum {

class RootProduct {
 public:
  explicit RootProduct(const Roots& roots);

  /// Products that `times` takes for each number, for `others` factors.
  std::uint64_t products(std::size_t others) const;

  /// Shares of the product over the roots of (x - k), times `others` (at most one column).
  /// Reveals nothing.
  Elements times(Sharing& sharing, const Elements& x, std::vector<Elements> others) const;

 private:
  Elements polynomial(const std::vector<Elements>& powers, std::size_t first) const;

  Element center_;  // c
  bool odd_;
  Elements coefficients_;  // of the polynomial in y, constant first, the highest is 1
  std::size_t block_;      // powers of y that are made: 1 .. block_
};

}  // namespace polder::quorum
