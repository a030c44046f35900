#include "ml/solve.h"

#include "base/error.h"
#include "ml/matrix.h"
#include "ml/power_of_two.h"
#include "ops/arithmetic/convert.h"
#include "ops/arithmetic/divide.h"

namespace polder {
namespace {

constexpr int a_bits = 28, b_bits = 32, inner_bits = 24;
constexpr int diagonal_width = a_bits + 2;
constexpr std::uint64_t damping = std::uint64_t{1} << (inner_bits - 12);
constexpr std::uint64_t most = std::uint64_t{1} << (inner_bits + 5);    // of b while it is solved
constexpr std::uint64_t small = std::uint64_t{1} << (inner_bits - 10);  // of b near the end

/// One step: column k of [d, d + 1] becomes that of the unit matrix.
Arith eliminated(Protocol& mpc, const Arith& m, std::size_t d, std::size_t k) {
  const std::size_t width = d + 1;
  const Arith row = slice(m, k * width, width), pivot = slice(row, k, 1);
  const Arith unit = divide_fixed(mpc, row, each_repeated(mpc, pivot, width), inner_bits).value;
  Indices of_column(d);
  for (std::size_t i = 0; i < d; ++i) of_column[i] = static_cast<std::uint32_t>(i * width + k);
  const Arith column = gather(mpc.workers(), m, of_column);
  const Arith taken = mpc.truncate(mpc.matmul(column, unit, {d, 1, width}), inner_bits);
  const Arith rest = m - taken;
  const Arith before = slice(rest, 0, k * width);
  const Arith after = slice(rest, (k + 1) * width, (d - k - 1) * width);
  return concat({&before, &unit, &after});
}

}  // namespace

Solution solve_damped(Protocol& mpc, const Arith& a, const Arith& b) {
  const std::size_t d = b.size();
  require(a.size() == d * d, "solve_damped: a square matrix");
  // A number of w bits is below 2^w: times its power's square, the diagonal is in [1, 4) of 2^28.
  const Arith power =
      root_power_to_full(mpc, polder::bits(mpc.to_bits(diagonal(mpc, a, d)), 0, diagonal_width));
  const Arith factors = mpc.matmul(power, power, {d, 1, d});
  const Arith both = mpc.mul_each(d * d, {{&factors}}, {{&a}});
  Arith matrix = mpc.truncate(both, a_bits + 2 - inner_bits);
  matrix = matrix + diagonal_matrix(mpc, mpc.constant(d, damping));
  const Arith right = rounded_shift(mpc, mpc.mul(power, b), b_bits + 1 - inner_bits);
  Bits is_small = all_within(mpc, right, small);
  const Arith bounded = clamped(mpc, right, most);

  std::vector<Arith> rows;
  for (std::size_t i = 0; i < d; ++i) {
    rows.push_back(slice(matrix, i * d, d));
    rows.push_back(slice(bounded, i, 1));
  }
  Arith m = concat(std::span<const Arith>(rows));
  for (std::size_t k = 0; k < d; ++k) m = eliminated(mpc, m, d, k);
  Indices last(d);
  for (std::size_t i = 0; i < d; ++i) last[i] = static_cast<std::uint32_t>(i * (d + 1) + d);
  const Arith x = clamped(mpc, gather(mpc.workers(), m, last), std::uint64_t{1} << 40);
  return {rounded_shift(mpc, mpc.mul(power, x), 1), std::move(is_small)};
}

}  // namespace polder
