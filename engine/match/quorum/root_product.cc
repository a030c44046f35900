#include "match/quorum/root_product.h"

#include <algorithm>

#include "base/error.h"

namespace polder::quorum {
namespace {

/// Products for a monic polynomial of this degree, with powers up to `block`: the powers, and one a
/// further block of coefficients; a highest block of just the 1 costs none.
std::size_t cost(std::size_t degree, std::size_t block) { return block - 1 + (degree - 1) / block; }

std::size_t cheapest_block(std::size_t degree) {
  std::size_t best = 1;
  for (std::size_t block = 1; block <= degree; ++block) {
    if (cost(degree, block) <= cost(degree, best)) best = block;  // a larger one takes fewer rounds
  }
  return best;
}

Elements shifted(const Elements& x, Element by) {
  Elements out = x;
  for (Element& e : out) e = e - by;
  return out;
}

}  // namespace

RootProduct::RootProduct(const Roots& roots)
    : center_(Element::of(2 * roots.first + roots.count - (roots.count > 0 ? 1 : 0))),
      odd_(roots.count % 2 == 1),
      coefficients_{Element{1}} {
  for (std::uint64_t i = 0; i < roots.count / 2; ++i) {
    const Element k = Element::of(roots.first + i), product = k * (center_ - k);
    Elements next(coefficients_.size() + 1, Element{0});
    for (std::size_t j = 0; j < coefficients_.size(); ++j) {
      next[j] = next[j] + product * coefficients_[j];
      next[j + 1] = next[j + 1] + coefficients_[j];
    }
    coefficients_ = next;
  }
  block_ = cheapest_block(coefficients_.size() - 1);
}

std::uint64_t RootProduct::products(std::size_t others) const {
  const std::size_t degree = coefficients_.size() - 1;
  const std::size_t factors = others + (odd_ ? 1 : 0);
  if (degree == 0) return factors > 2 ? factors - 2 : 0;
  return 1 + cost(degree, block_) + factors - 1;
}

/// Coefficients from `first` on, a block of them, at y.
Elements RootProduct::polynomial(const std::vector<Elements>& powers, std::size_t first) const {
  Elements out(powers[1].size(), coefficients_[first]);
  for (std::size_t i = 1; i < block_ && first + i < coefficients_.size(); ++i) {
    for (std::size_t j = 0; j < out.size(); ++j) {
      out[j] = out[j] + coefficients_[first + i] * powers[i][j];
    }
  }
  return out;
}

Elements RootProduct::open(Sharing& sharing, const Elements& x,
                           std::vector<Elements> others) const {
  const std::size_t degree = coefficients_.size() - 1;
  if (odd_) others.push_back(shifted(x, center_ * inverse(Element{2})));
  // Other factors become one while the powers are made.
  const auto with_others = [&](std::vector<Sharing::Factors> pairs, std::size_t keep) {
    const bool join = others.size() > keep;
    const Elements a = others.back();
    if (join) {
      others.pop_back();
      pairs.push_back({a, others.back()});
    }
    std::vector<Elements> products = sharing.multiply(pairs);
    if (join) {
      others.back() = std::move(products.back());
      products.pop_back();
    }
    return products;
  };

  if (degree == 0) {
    while (others.size() > 2) with_others({}, 2);
    if (others.size() == 1) others.emplace_back(x.size(), Element{1});
    // Opened to the asker: a product with an unknown random factor.
    return sharing.open_product({others[0], others[1]});
  }

  std::vector<Elements> powers(block_ + 1);
  const Elements from_center = shifted(x, center_);
  powers[1] = with_others({{x, from_center}}, 1)[0];
  for (std::size_t have = 1; have < block_;) {
    const std::size_t more = std::min(have, block_ - have);
    std::vector<Sharing::Factors> pairs;
    for (std::size_t i = 1; i <= more; ++i) pairs.push_back({powers[have], powers[i]});
    std::vector<Elements> next = with_others(pairs, 1);
    for (std::size_t i = 1; i <= more; ++i) powers[have + i] = std::move(next[i - 1]);
    have += more;
  }
  while (others.size() > 1) with_others({}, 1);

  std::size_t first = degree / block_ * block_;
  Elements value;
  if (first == degree) {  // the highest block is 1
    first -= block_;
    value = polynomial(powers, first);
    for (std::size_t j = 0; j < value.size(); ++j) value[j] = value[j] + powers[block_][j];
  } else {
    value = polynomial(powers, first);
  }
  while (first > 0) {
    first -= block_;
    value = sharing.multiply({{value, powers[block_]}})[0];
    const Elements lower = polynomial(powers, first);
    for (std::size_t j = 0; j < value.size(); ++j) value[j] = value[j] + lower[j];
  }
  // Opened to the asker: a product with an unknown random factor.
  return sharing.open_product({value, others[0]});
}

}  // namespace polder::quorum
