#include "match/quorum/sharing/root_product.h"

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

Elements sum(Elements a, const Elements& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = a[i] + b[i];
  return a;
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
  if (degree == 0) return factors > 1 ? factors - 1 : 0;
  return 1 + cost(degree, block_) + factors;
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

/// With the highest block of coefficients a(y), the next one b(y), …, and m = y^block, the
/// polynomial is (a m + b) m + …; with another factor f the last step is a (m f) + b f, so f costs
/// no round of its own.
Elements RootProduct::times(Sharing& sharing, const Elements& x,
                            std::vector<Elements> others) const {
  const std::size_t degree = coefficients_.size() - 1;
  if (odd_) others.push_back(shifted(x, center_ * inverse(Element{2})));
  // Beside other products: two factors become one.
  const auto multiply = [&](std::vector<Sharing::Factors> pairs) {
    const bool join = others.size() > 1;
    if (join) pairs.push_back({others[0], others[1]});
    std::vector<Elements> products = sharing.multiply(pairs);
    if (join) {
      others = {std::move(products.back())};
      products.pop_back();
    }
    return products;
  };

  if (degree == 0) {
    if (others.size() > 1) multiply({});
    return others.empty() ? Elements(x.size(), Element{1}) : others[0];
  }

  std::vector<Elements> powers(block_ + 1);
  const Elements from_center = shifted(x, center_);
  powers[1] = multiply({{x, from_center}})[0];
  for (std::size_t have = 1; have < block_;) {
    const std::size_t more = std::min(have, block_ - have);
    std::vector<Sharing::Factors> pairs;
    for (std::size_t i = 1; i <= more; ++i) pairs.push_back({powers[have], powers[i]});
    std::vector<Elements> next = sharing.multiply(pairs);
    for (std::size_t i = 1; i <= more; ++i) powers[have + i] = std::move(next[i - 1]);
    have += more;
  }

  std::size_t first = degree / block_ * block_;
  Elements value;
  if (first == degree) {  // the highest block is 1
    first -= block_;
    value = sum(polynomial(powers, first), powers[block_]);
  } else {
    value = polynomial(powers, first);
  }
  const auto descend = [&](Elements high) {
    first -= block_;
    value = sum(std::move(high), polynomial(powers, first));
  };
  if (others.empty()) {
    while (first > 0) descend(sharing.multiply({{value, powers[block_]}})[0]);
    return value;
  }
  if (first == 0) return sharing.multiply({{value, others[0]}})[0];
  std::vector<Sharing::Factors> pairs{{powers[block_], others[0]}};
  if (first > block_) pairs.push_back({value, powers[block_]});
  std::vector<Elements> products = sharing.multiply(pairs);
  const Elements power_and_other = std::move(products[0]);
  if (first > block_) descend(std::move(products[1]));
  while (first > block_) descend(sharing.multiply({{value, powers[block_]}})[0]);
  return sharing.multiply_and_add({{value, power_and_other}, {polynomial(powers, 0), others[0]}});
}

}  // namespace polder::quorum
