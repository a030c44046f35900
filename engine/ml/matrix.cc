#include "ml/matrix.h"

#include "ops/compare/compare.h"
#include "ops/compare/logic.h"

namespace polder {
namespace {

template <typename From>
Arith picked(Protocol& mpc, const Arith& x, std::size_t n, From&& from) {
  Indices rows(n);
  for (std::size_t i = 0; i < n; ++i) rows[i] = static_cast<std::uint32_t>(from(i));
  return gather(mpc.workers(), x, rows);
}

/// Above `bound`; then, below -bound.
Bits outside(Protocol& mpc, const Arith& x, std::uint64_t bound) {
  const Bits above = mpc.bit_not(less_than(mpc, x, bound + 1, Sign::with));
  const Bits below = less_than(mpc, x, 0 - bound, Sign::with);
  return concat({&above, &below});
}

}  // namespace

Arith transposed(Protocol& mpc, const Arith& x, std::size_t n, std::size_t m) {
  return picked(mpc, x, n * m, [&](std::size_t i) { return i % n * m + i / n; });
}

Arith each_repeated(Protocol& mpc, const Arith& x, std::size_t times) {
  return picked(mpc, x, x.size() * times, [&](std::size_t i) { return i / times; });
}

Arith all_repeated(Protocol& mpc, const Arith& x, std::size_t times) {
  return picked(mpc, x, x.size() * times, [&](std::size_t i) { return i % x.size(); });
}

Arith diagonal(Protocol& mpc, const Arith& x, std::size_t n) {
  return picked(mpc, x, n, [&](std::size_t i) { return i * (n + 1); });
}

Arith diagonal_matrix(Protocol& mpc, const Arith& x) {
  const std::size_t n = x.size();
  const Arith zero = mpc.constant(1, 0);
  const Arith with_zero = concat({&x, &zero});
  return picked(mpc, with_zero, n * n,
                [&](std::size_t i) { return i % (n + 1) == 0 ? i / (n + 1) : n; });
}

Arith rounded_shift(Protocol& mpc, const Arith& x, int shift) {
  if (shift <= 0) return x * (std::uint64_t{1} << -shift);
  return mpc.truncate(mpc.add(x, std::uint64_t{1} << (shift - 1)), shift);
}

Arith clamped(Protocol& mpc, const Arith& x, std::uint64_t bound) {
  const std::size_t n = x.size();
  const Arith flags = mpc.to_arith(outside(mpc, x, bound));
  const Arith above = slice(flags, 0, n), below = slice(flags, n, n);
  const Arith out = mpc.mul(x, above + below);
  return x - out + above * bound - below * bound;
}

Bits all_within(Protocol& mpc, const Arith& x, std::uint64_t bound) {
  return all(mpc, mpc.bit_not(outside(mpc, x, bound)));
}

}  // namespace polder
