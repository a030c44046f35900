#include "ops/arithmetic/convert.h"

#include <algorithm>

#include "base/error.h"
#include "ops/arithmetic/add_bits.h"
#include "ops/planes.h"

namespace polder {
namespace {

constexpr int widest_bit_by_bit = 12;  // 8 B a bit against about 97 B for the other way

/// All bits in one column of w n rows, converted in one call and weighed.
Arith bit_by_bit(Protocol& mpc, const Bits& x, Sign sign) {
  const std::size_t n = x.size();
  std::vector<Bits> planes;
  for (int i = 0; i < x.width(); ++i) planes.push_back(bit(x, i));
  std::vector<const Bits*> parts;
  for (const Bits& plane : planes) parts.push_back(&plane);
  const Arith numbers = mpc.to_arith(concat(parts));
  Arith sum = slice(numbers, 0, n);
  for (int i = 1; i < x.width(); ++i) {
    sum = sum + slice(numbers, static_cast<std::size_t>(i) * n, n) * (std::uint64_t{1} << i);
  }
  if (sign == Sign::without) return sum;
  const auto top = static_cast<std::size_t>(x.width() - 1);
  return sum - slice(numbers, top * n, n) * (std::uint64_t{1} << top << 1);
}

/// x - r is opened for a random number r that nobody knows, then r is added again.
Arith by_mask(Protocol& mpc, const Bits& x) {
  const Arith mask = mpc.random(x.size());
  const Bits hidden = add_bits(mpc, x, mpc.to_bits(-mask));
  // Safe: x - r is uniformly random, whatever x is, and r is used for nothing else.
  return mpc.constant(mpc.open(hidden, all_nodes).rows()) + mask;
}

}  // namespace

Arith to_arith(Protocol& mpc, const Bits& x, Sign sign) {
  require(x.width() >= 1 && x.width() <= 64, "to_arith: a number has 1 to 64 bits");
  if (x.width() == 1 && sign == Sign::without) return mpc.to_arith(x);
  if (x.width() <= widest_bit_by_bit) return bit_by_bit(mpc, x, sign);
  return by_mask(mpc, resize(mpc, x, 64, sign));
}

Bits to_bits(Protocol& mpc, const Arith& x, int width) {
  require(width >= 1 && width <= 64, "to_bits: a number has 1 to 64 bits");
  return width == 1 ? mpc.to_bit(x, 0) : bits(mpc.to_bits(x), 0, width);
}

Bits resize(Protocol& mpc, const Bits& x, int width, Sign sign) {
  if (width <= x.width()) return bits(x, 0, width);
  const int more = width - x.width();
  const Bits filling = sign == Sign::with ? repeat_bit(bit(x, x.width() - 1), more)
                                          : mpc.constant(PlainBits(x.size(), more));
  return join_bits({&x, &filling});
}

}  // namespace polder
