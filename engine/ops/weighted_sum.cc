#include "ops/weighted_sum.h"

#include <algorithm>
#include <span>

#include "base/error.h"

namespace polder {
namespace {

using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

constexpr std::size_t stretch = 2048;  // rows whose sum stays in the L1 cache

void set(Span sum, ConstSpan x, std::uint64_t weight) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = x[i] * weight;
}

void add(Span sum, ConstSpan x, std::uint64_t weight) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += x[i] * weight;
}

void sum_up(Span sum, std::initializer_list<Term> terms, int component) {
  for (std::size_t from = 0; from < sum.size(); from += stretch) {
    const std::size_t count = std::min(stretch, sum.size() - from);
    const Span part = sum.subspan(from, count);
    for (const Term& term : terms) {
      const ConstSpan x = term.x->component(component).subspan(term.first + from, count);
      &term == terms.begin() ? set(part, x, term.weight) : add(part, x, term.weight);
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
