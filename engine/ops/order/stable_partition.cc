#include "ops/order/stable_partition.h"

#include "base/error.h"

namespace polder {
namespace {

/// Bit v: the digit is v.
Bits one_hot(Protocol& mpc, const Bits& digit) {
  const Bits lowest = bit(digit, 0), other = mpc.bit_not(lowest);
  Bits is = join_bits({&other, &lowest});
  for (int i = 1; i < digit.width(); ++i) {
    const Bits high = mpc.bit_and(is, bit(digit, i)), low = is ^ high;
    is = join_bits({&low, &high});
  }
  return is;
}

/// The planes of x one after the other, as rows of one bit; not the first.
Bits rows_of_planes(const Bits& x) {
  std::vector<Bits> planes;
  for (int i = 1; i < x.width(); ++i) planes.push_back(bit(x, i));
  std::vector<const Bits*> parts;
  for (const Bits& plane : planes) parts.push_back(&plane);
  return concat(parts);
}

/// Stretches of n rows, summed.
Arith sum_of_stretches(const Arith& x, std::size_t n) {
  Arith sum = slice(x, 0, n);
  for (std::size_t from = n; from < x.size(); from += n) sum = sum + slice(x, from, n);
  return sum;
}

/// Where a row goes, counted from 1.
struct Places {
  Arith zero;     // [n] if its digit is 0
  Arith further;  // [others n] how much further if it is 1, 2 …
};

/// A row of digit v is entry v of its stretch. Of all set entries those of smaller digits come
/// first, so the running sum over all entries counts up to the place of a row with this digit.
Places places(const Arith& is_zero, const Arith& is_other) {
  const std::size_t n = is_zero.size();
  Places to{prefix_sum(is_zero), Arith(is_other.components(), is_other.size())};
  for (int c = 0; c < is_zero.components(); ++c) {
    const auto zero = to.zero.component(c), further = to.further.component(c);
    const auto is = is_other.component(c);
    std::uint64_t running = zero[n - 1];
    for (std::size_t from = 0; from < is.size(); from += n) {
      for (std::size_t i = 0; i < n; ++i) further[from + i] = (running += is[from + i]) - zero[i];
    }
  }
  return to;
}

/// Stretches of n rows as factors.
std::vector<Factor> stretches(const Arith& x, std::size_t n) {
  std::vector<Factor> factors;
  for (std::size_t from = 0; from < x.size(); from += n) factors.push_back({&x, from});
  return factors;
}

}  // namespace

Arith destinations(Protocol& mpc, const Bits& digit) {
  require(digit.width() >= 1 && digit.width() <= 8, "a digit has 1 to 8 bits");
  const std::size_t n = digit.size();
  if (n == 0) return mpc.constant(0, 0);
  const Arith is_other = mpc.to_arith(rows_of_planes(one_hot(mpc, digit)));
  const Places to = places(mpc.add(-sum_of_stretches(is_other, n), 1), is_other);
  const Arith further = mpc.mul_sum(n, stretches(is_other, n), stretches(to.further, n));
  return mpc.add(to.zero + further, ~std::uint64_t{0});
}

ChosenFirst chosen_first(Protocol& mpc, const Arith& chosen, std::vector<Arith> values) {
  const std::size_t n = chosen.size();
  if (n == 0) return {mpc.constant(0, 0), std::move(values)};
  Places to = places(chosen, mpc.add(-chosen, 1));
  std::vector<Factor> factors{{&to.further}};
  for (const Arith& value : values) factors.push_back({&value});
  const std::vector<Factor> flags(factors.size(), Factor{&chosen});
  const Arith products = mpc.mul_each(n, flags, factors);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = slice(products, (i + 1) * n, n);
  to.zero = to.zero + to.further - slice(products, 0, n);
  return {mpc.add(std::move(to.zero), ~std::uint64_t{0}), std::move(values)};
}

std::vector<Column> stable_partition(Protocol& mpc, const Bits& flag, std::vector<Column> columns) {
  require(flag.width() == 1, "stable_partition: a flag is one bit");
  return permute(mpc, destinations(mpc, flag), std::move(columns));
}

}  // namespace polder
