#include "ops/arithmetic/weighted_sum.h"

#include <algorithm>
#include <bit>
#include <span>

#include "base/error.h"

namespace polder {
namespace {

using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

constexpr std::size_t stretch = 2048;  // rows whose sum stays in the L1 cache

enum class First { yes, no };

template <First first, typename Value>
void take(Span sum, Value&& value) {
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] = value(i) + (first == First::yes ? 0 : sum[i]);
}

/// sum = weight x, or += weight x. 1 and -1 need no product, a power of two only a shift: 64-bit
/// products are slow where the processor has no AVX-512.
template <First first>
void take(Span sum, ConstSpan x, std::uint64_t weight) {
  if (weight == 1) return take<first>(sum, [x](std::size_t i) { return x[i]; });
  if (weight == ~std::uint64_t{0}) return take<first>(sum, [x](std::size_t i) { return -x[i]; });
  if (std::has_single_bit(weight)) {
    const int shift = std::countr_zero(weight);
    return take<first>(sum, [x, shift](std::size_t i) { return x[i] << shift; });
  }
  take<first>(sum, [x, weight](std::size_t i) { return x[i] * weight; });
}

void sum_up(Span sum, std::initializer_list<Term> terms, int component) {
  for (std::size_t from = 0; from < sum.size(); from += stretch) {
    const std::size_t count = std::min(stretch, sum.size() - from);
    const Span part = sum.subspan(from, count);
    for (const Term& term : terms) {
      const ConstSpan x = term.x->component(component).subspan(term.first + from, count);
      if (&term == terms.begin()) {
        take<First::yes>(part, x, term.weight);
      } else {
        take<First::no>(part, x, term.weight);
      }
    }
  }
}

}  // namespace

Arith weighted_sums(std::size_t n, std::initializer_list<std::initializer_list<Term>> sums) {
  require(sums.size() > 0 && sums.begin()->size() > 0, "weighted_sums: nothing to add");
  Arith all(sums.begin()->begin()->x->components(), n * sums.size());
  for (int c = 0; c < all.components(); ++c) {
    std::size_t first = 0;
    for (const auto& terms : sums) {
      sum_up(all.component(c).subspan(first, n), terms, c);
      first += n;
    }
  }
  return all;
}

}  // namespace polder
