// Public values, values nobody knows, and products.
#include "base/error.h"
#include "protocol/rep3/rep3.h"

namespace polder {
namespace {

using rep3::Mask;
using rep3::Party;
using rep3::Range;
using rep3::Wire;

template <typename ColumnType>
Wire wire_of(const ColumnType& x, std::size_t from) {
  return {x.component(0).data() + from, x.component(1).data() + from};
}

Wire wire_of(const Factor& factor, std::size_t from) {
  return wire_of(*factor.x, factor.first + from);
}

/// A public value lies in component 0, which nodes 0 and 2 hold; the others are zero.
int public_component(int role) { return role == 0 ? 0 : role == 2 ? 1 : -1; }

Words sum_of_components(const Arith& x) {
  Words sum(x.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = x.component(0)[i] + x.component(1)[i];
  return sum;
}

}  // namespace

Arith Rep3::constant(std::span<const std::uint64_t> values) {
  Arith x(std::vector<Words>{Words(values.size(), 0), Words(values.size(), 0)});
  if (const int c = public_component(lanes_.role()); c >= 0)
    std::ranges::copy(values, x.component(c).begin());
  return x;
}

Bits Rep3::constant(const PlainBits& values) {
  const std::size_t words = values.words().size();
  Bits x(values.shape(), {Words(words, 0), Words(words, 0)});
  if (const int c = public_component(lanes_.role()); c >= 0)
    std::ranges::copy(values.words(), x.component(c).begin());
  return x;
}

Bits Rep3::bit_not(const Bits& x) {
  Bits inverted = x;
  if (const int c = public_component(lanes_.role()); c >= 0) {
    for (std::uint64_t& word : inverted.component(c)) word = ~word;
  }
  return inverted;
}

Arith Rep3::random(std::size_t n) {
  Arith x(2, n);
  lanes_.draw_shares(x.component(0), x.component(1));
  return x;
}

Bits Rep3::random_bits(std::size_t n, int width) {
  Bits x(2, n, width);
  lanes_.draw_shares(x.component(0), x.component(1));
  return x;
}

Arith Rep3::add(Arith x, std::uint64_t value) {
  if (const int c = public_component(lanes_.role()); c >= 0) {
    for (std::uint64_t& word : x.component(c)) word += value;
  }
  return x;
}

Arith Rep3::mul(const Arith& x, const Arith& y) {
  require(x.size() == y.size(), "mul: columns of different length");
  Arith z(2, x.size());
  lanes_.pass_back(z.component(0), z.component(1),
                   [&](Party& party, std::size_t first, std::size_t count) {
                     party.masked(first, count, [&](std::size_t from, std::size_t n, Mask mask) {
                       rep3::mul_words(z.component(0).data() + from, wire_of(x, from),
                                       wire_of(y, from), mask, n);
                     });
                   });
  return z;
}

Arith Rep3::mul_each(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  require_factors(n, x, y);
  Arith z(2, n * x.size());
  lanes_.pass_back(
      z.component(0), z.component(1), [&](Party& party, std::size_t first, std::size_t count) {
        for (std::size_t row = first; row < first + count;) {
          const std::size_t k = row / n, start = row % n;
          const std::size_t rows = std::min(n - start, first + count - row);
          party.masked(start, rows, [&](std::size_t from, std::size_t some, Mask mask) {
            rep3::mul_words(z.component(0).data() + k * n + from, wire_of(x[k], from),
                            wire_of(y[k], from), mask, some);
          });
          row += rows;
        }
      });
  return z;
}

Arith Rep3::mul_sum(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  require_factors(n, x, y);
  Arith z(2, n);
  lanes_.pass_back(z.component(0), z.component(1),
                   [&](Party& party, std::size_t first, std::size_t count) {
                     party.masked(first, count, [&](std::size_t from, std::size_t rows, Mask mask) {
                       std::uint64_t* sum = z.component(0).data() + from;
                       rep3::mul_words(sum, wire_of(x[0], from), wire_of(y[0], from), mask, rows);
                       for (std::size_t k = 1; k < x.size(); ++k) {
                         rep3::add_mul_words(sum, wire_of(x[k], from), wire_of(y[k], from), rows);
                       }
                     });
                   });
  return z;
}

Bits Rep3::bit_and(const Bits& x, const Bits& y) {
  require(x.size() == y.size() && (y.width() == x.width() || y.width() == 1),
          "both: columns of different shape");
  const Bits repeated = y.width() == x.width() ? Bits() : repeat_bit(y, x.width());
  const Bits& wide = y.width() == x.width() ? y : repeated;
  Bits z(2, x.size(), x.width());
  lanes_.pass_back(z.component(0), z.component(1),
                   [&](Party& party, std::size_t first, std::size_t count) {
                     party.masked(first, count, [&](std::size_t from, std::size_t n, Mask mask) {
                       rep3::and_words(z.component(0).data() + from, wire_of(x, from),
                                       wire_of(wide, from), mask, n);
                     });
                   });
  return z;
}

Arith Rep3::matmul(const Arith& x, const Arith& y, MatrixShape shape) {
  require(x.size() == shape.n * shape.k && y.size() == shape.k * shape.m,
          "matmul: sizes do not fit the shape");
  const Words whole_y = sum_of_components(y);
  Arith z(2, shape.n * shape.m);
  // Component i of the product is x_i (y_i + y_{i+1}) + x_{i+1} y_i: two plain matrix products on
  // this node.
  std::ranges::fill(z.component(0), 0);
  const auto add_product = [&](Range rows, const std::uint64_t* left, const std::uint64_t* right) {
    rep3::add_matrix_product(z.component(0).data() + rows.first * shape.m,
                             left + rows.first * shape.k, right, rows.count, shape.k, shape.m);
  };
  const auto multiply_rows = [&](Party&, Range rows) {
    add_product(rows, x.component(0).data(), whole_y.data());
    add_product(rows, x.component(1).data(), y.component(0).data());
  };
  const std::size_t work_per_row = std::max<std::size_t>(1, shape.k * shape.m);
  lanes_.split_rows(shape.n, multiply_rows, ceil_div(BitShape::block_rows, work_per_row));
  lanes_.pass_back(z.component(0), z.component(1),
                   [&](Party& party, std::size_t first, std::size_t count) {
                     party.masked(first, count, [&](std::size_t from, std::size_t n, Mask mask) {
                       for (std::size_t i = 0; i < n; ++i)
                         z.component(0)[from + i] += mask.own[i] - mask.next[i];
                     });
                   });
  return z;
}

}  // namespace polder
