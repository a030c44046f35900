// Sums of columns with public weights, in one pass over memory. No rounds, nothing is looked at.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "protocol/share.h"

namespace polder {

/// `weight` times rows first, first + 1 ... of x.
struct Term {
  const Arith* x;
  std::uint64_t weight = 1;
  std::size_t first = 0;
};

/// Several sums of n rows, one after the other.  k sums -> [k n].
Arith weighted_sums(std::size_t n, std::initializer_list<std::initializer_list<Term>> sums);
inline Arith weighted_sum(std::size_t n, std::initializer_list<Term> terms) {
  return weighted_sums(n, {terms});
}

}  // namespace polder
