#include "ops/compare/compare.h"

#include "base/error.h"

namespace polder {
namespace {

/// Every row `value`, with the shape of `like`.
Bits public_operand(Protocol& mpc, std::uint64_t value, const Bits& like, Sign sign) {
  require(like.width() <= 64, "a public operand compares with at most 64 bits");
  const std::uint64_t kept = value & low_bits(static_cast<std::size_t>(like.width()));
  require(sign == Sign::with || kept == value, "a public operand is wider than the column");
  return mpc.constant(like.size(), like.width(), kept);
}

/// x < y from the top bits of x, y and x - y. Where the signs differ x - y may overflow, but they
/// decide.
Bits less_by_tops(Protocol& mpc, const Bits& x, const Bits& y, const Bits& difference, Sign sign) {
  const Bits& decides = sign == Sign::with ? x : y;
  return difference ^ mpc.bit_and(x ^ y, decides ^ difference);
}

}  // namespace

Bits less_than(Protocol& mpc, const Bits& x, const Bits& y, Sign sign) {
  if (sign == Sign::without) return mpc.less_than(x, y);
  return mpc.less_than(unsigned_order(mpc, x, sign), unsigned_order(mpc, y, sign));
}

Bits less_than(Protocol& mpc, const Bits& x, std::uint64_t y, Sign sign) {
  return less_than(mpc, x, public_operand(mpc, y, x, sign), sign);
}

Bits less_than(Protocol& mpc, std::uint64_t x, const Bits& y, Sign sign) {
  return less_than(mpc, public_operand(mpc, x, y, sign), y, sign);
}

Bits equal(Protocol& mpc, const Bits& x, const Bits& y) { return mpc.equal(x, y); }

Bits equal(Protocol& mpc, const Bits& x, std::uint64_t y) {
  return mpc.equal(x, public_operand(mpc, y, x, Sign::without));
}

Bits is_zero(Protocol& mpc, const Bits& x) {
  if (x.width() == 0) return mpc.constant(x.size(), 1, 1);
  return mpc.equal(x, mpc.constant(PlainBits(x.size(), x.width())));
}

Bits less_than(Protocol& mpc, const Arith& x, const Arith& y, Sign sign) {
  const Arith difference = x - y;
  const std::size_t n = x.size();
  const Bits tops = mpc.to_bit(concat({&x, &y, &difference}), 63);
  return less_by_tops(mpc, slice(tops, 0, n), slice(tops, n, n), slice(tops, 2 * n, n), sign);
}

Bits less_than(Protocol& mpc, const Arith& x, std::uint64_t y, Sign sign) {
  const std::size_t n = x.size();
  const Arith difference = x - mpc.constant(n, y);
  const Bits tops = mpc.to_bit(concat({&x, &difference}), 63);
  return less_by_tops(mpc, slice(tops, 0, n), mpc.constant(n, 1, y >> 63), slice(tops, n, n), sign);
}

Bits equal(Protocol& mpc, const Arith& x, const Arith& y) { return is_zero(mpc, x - y); }

Bits is_zero(Protocol& mpc, const Arith& x) { return is_zero(mpc, mpc.to_bits(x)); }

}  // namespace polder
