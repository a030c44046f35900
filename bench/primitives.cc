// What all operators are made of.
#include <algorithm>

#include "bench/row.h"
#include "ops/arithmetic/divide.h"

namespace polder::bench {
namespace {

template <typename Operation>
Values each(const Values& x, const Values& y, Operation operation) {
  Values result(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) result[i] = operation(x[i], y[i]);
  return result;
}

/// Uniform, but every fourth row is another column's.
Values partly_equal(Node& node, const Values& x) {
  Values y = node.random(x.size());
  for (std::size_t i = 0; i < x.size(); i += 4) y[i] = x[i];
  return y;
}

Values sorted(Values values) {
  std::ranges::sort(values);
  return values;
}

Job and_64(Node& node, std::size_t n) {
  const Values x = node.random(n), y = node.random(n);
  return job([&mpc = node.mpc(), a = node.share_bits(x, 64),
              b = node.share_bits(y, 64)] { return mpc.bit_and(a, b); },
             opens_to(node, each(x, y, std::bit_and{})));
}

Job mul_64(Node& node, std::size_t n) {
  const Values x = node.random(n), y = node.random(n);
  return job([&mpc = node.mpc(), a = node.share(x), b = node.share(y)] { return mpc.mul(a, b); },
             opens_to(node, each(x, y, std::multiplies{})));
}

Job equal_64(Node& node, std::size_t n) {
  const Values x = node.random(n), y = partly_equal(node, x);
  return job([&mpc = node.mpc(), a = node.share_bits(x, 64),
              b = node.share_bits(y, 64)] { return mpc.equal(a, b); },
             opens_to(node, each(x, y, std::equal_to{})));
}

Job less_than_64(Node& node, std::size_t n) {
  const Values x = node.random(n), y = partly_equal(node, x);
  return job([&mpc = node.mpc(), a = node.share_bits(x, 64),
              b = node.share_bits(y, 64)] { return mpc.less_than(a, b); },
             opens_to(node, each(x, y, std::less{})));
}

/// Divisors of every length.
Job divide_64(Node& node, std::size_t n) {
  const auto shorter = [](auto value, auto bits) { return value >> bits; };
  const Values x = node.random(n), y = each(node.random(n), node.random(n, 6), shorter);
  return job([&mpc = node.mpc(), a = node.share(x),
              b = node.share(y)] { return divide(mpc, a, b, Sign::without).value; },
             opens_to(node, each(x, y, [](auto a, auto b) { return b == 0 ? 0 : a / b; })));
}

Job bit_to_arith(Node& node, std::size_t n) {
  const Values x = node.random(n, 1);
  return job([&mpc = node.mpc(), bit = node.share_bits(x, 1)] { return mpc.to_arith(bit); },
             opens_to(node, x));
}

Job shuffle_64(Node& node, std::size_t n) {
  const Values x = node.random(n);
  return consuming(job(
      [&mpc = node.mpc(), n, columns = std::vector<Column>{node.share(x)}]() mutable {
        return mpc.shuffle(n)->apply(std::move(columns));
      },
      [&node, x](const std::vector<Column>& shuffled) {
        const Values opened = node.open(std::get<Arith>(shuffled[0]));
        return opened != x && sorted(opened) == sorted(x);
      }));
}

/// Three columns that add up to zero in every row, so a row torn apart shows.
Job shuffle_64x3(Node& node, std::size_t n) {
  const Values x = node.random(n), y = node.random(n);
  const Values z = each(x, y, [](auto a, auto b) { return -(a + b); });
  return consuming(job(
      [&mpc = node.mpc(), n,
       columns = std::vector<Column>{node.share(x), node.share(y), node.share(z)}]() mutable {
        return mpc.shuffle(n)->apply(std::move(columns));
      },
      [&node, x, n](const std::vector<Column>& shuffled) {
        const auto column = [&](std::size_t i) { return std::get<Arith>(shuffled[i]); };
        const Values sums = node.open(column(0) + column(1) + column(2));
        return sums == Values(n, 0) && sorted(node.open(column(0))) == sorted(x);
      }));
}

}  // namespace

std::vector<Row> primitives() {
  constexpr std::size_t n = 1 << 20;
  return {
      {"and_64", "primitives", n, and_64},         {"mul_64", "primitives", n, mul_64},
      {"equal_64", "primitives", n, equal_64},     {"less_than_64", "primitives", n, less_than_64},
      {"divide_64", "primitives", n, divide_64},   {"bit_to_arith", "primitives", n, bit_to_arith},
      {"shuffle_64", "primitives", n, shuffle_64}, {"shuffle_64x3", "primitives", n, shuffle_64x3}};
}

}  // namespace polder::bench
