#include "protocol/cleartext/cleartext.h"

#include <algorithm>

#include "base/error.h"
#include "protocol/permutation.h"

namespace polder {
namespace {

class PlainShuffle final : public Shuffle {
 public:
  PlainShuffle(Workers& workers, Indices order) : workers_(workers), order_(std::move(order)) {}

  std::vector<Column> apply(std::vector<Column> columns) override {
    for (Column& column : columns) column = gather(workers_, column, order_);
    return columns;
  }

  std::vector<Column> invert(std::vector<Column> columns) override {
    for (Column& column : columns) column = scatter(workers_, column, order_);
    return columns;
  }

 private:
  Workers& workers_;
  Indices order_;
};

Arith of(Words values) { return Arith(std::vector<Words>{std::move(values)}); }

}  // namespace

Arith Cleartext::constant(std::span<const std::uint64_t> values) {
  return of(Words(values.begin(), values.end()));
}

Bits Cleartext::constant(const PlainBits& values) {
  return Bits(values.shape(), {Words(values.words().begin(), values.words().end())});
}

Bits Cleartext::bit_not(const Bits& x) {
  Bits inverted = x;
  for (std::uint64_t& word : inverted.component(0)) word = ~word;
  return inverted;
}

Arith Cleartext::random(std::size_t n) {
  Arith values(1, n);
  stream_.fill(values.component(0));
  return values;
}

Bits Cleartext::random_bits(std::size_t n, int width) {
  Bits values(1, n, width);
  stream_.fill(values.component(0));
  return values;
}

Arith Cleartext::add(Arith x, std::uint64_t value) {
  for (std::uint64_t& word : x.component(0)) word += value;
  return x;
}

Arith Cleartext::mul(const Arith& x, const Arith& y) {
  require(x.size() == y.size(), "mul: columns of different length");
  return x * y.component(0);
}

Arith Cleartext::mul_each(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  require_factors(n, x, y);
  Arith products(1, n * x.size());
  for (std::size_t i = 0; i < products.size(); ++i) {
    const Factor &a = x[i / n], &b = y[i / n];
    products.component(0)[i] =
        a.x->component(0)[a.first + i % n] * b.x->component(0)[b.first + i % n];
  }
  return products;
}

Arith Cleartext::mul_sum(std::size_t n, std::span<const Factor> x, std::span<const Factor> y) {
  const Arith products = mul_each(n, x, y);
  Arith sum = slice(products, 0, n);
  for (std::size_t k = 1; k < x.size(); ++k) sum = sum + slice(products, k * n, n);
  return sum;
}

Arith Cleartext::matmul(const Arith& x, const Arith& y, MatrixShape shape) {
  require(x.size() == shape.n * shape.k && y.size() == shape.k * shape.m,
          "matmul: sizes do not fit the shape");
  Words product(shape.n * shape.m, 0);
  for (std::size_t i = 0; i < shape.n; ++i) {
    for (std::size_t k = 0; k < shape.k; ++k) {
      for (std::size_t j = 0; j < shape.m; ++j) {
        product[i * shape.m + j] +=
            x.component(0)[i * shape.k + k] * y.component(0)[k * shape.m + j];
      }
    }
  }
  return of(std::move(product));
}

Bits Cleartext::bit_and(const Bits& x, const Bits& y) {
  return x & PlainBits(y.shape(), Words(y.component(0).begin(), y.component(0).end()));
}

Arith Cleartext::to_arith(const Bits& bit) {
  require(bit.width() == 1, "to_arith: a column of one bit is wanted");
  const Rows rows = to_rows(workers_, bit);
  return of(Words(rows.component(0).begin(), rows.component(0).end()));
}

Bits Cleartext::to_bits(const Arith& x) {
  return constant(PlainBits::of_rows(x.component(0), x.size(), 64));
}

Bits Cleartext::to_bit(const Arith& x, int i) { return bit(to_bits(x), i); }

Arith Cleartext::truncate(const Arith& x, int shift) {
  require(shift >= 0 && shift < 64, "truncate: shift outside 0..63");
  Arith result = x;
  for (std::uint64_t& value : result.component(0)) {
    value = static_cast<std::uint64_t>(static_cast<std::int64_t>(value) >> shift);
  }
  return result;
}

Arith Cleartext::truncate_probabilistic(const Arith& x, int shift) {
  require(shift >= 1 && shift <= 62, "truncate_probabilistic: shift outside 1..62");
  Arith result = truncate(x, shift);
  Words one_less(x.size());
  stream_.fill(one_less);
  for (std::size_t i = 0; i < x.size(); ++i) result.component(0)[i] -= one_less[i] & 1;
  return result;
}

std::unique_ptr<Shuffle> Cleartext::shuffle(std::size_t n) {
  return std::make_unique<PlainShuffle>(workers_, random_permutation(stream_, n));
}

Words Cleartext::open(const Arith& x, Nodes) {
  return Words(x.component(0).begin(), x.component(0).end());
}

PlainBits Cleartext::open(const Bits& x, Nodes) {
  return PlainBits(x.shape(), Words(x.component(0).begin(), x.component(0).end()));
}

void Cleartext::open(const Arith& x, std::span<const Portion> to) { deliver(outbox_, x, to); }
void Cleartext::open(const Bits& x, std::span<const Portion> to) { deliver(outbox_, x, to); }

}  // namespace polder
