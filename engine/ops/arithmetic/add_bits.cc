#include "ops/arithmetic/add_bits.h"

#include "base/error.h"
#include "ops/compare/find_first_one.h"
#include "ops/planes.h"

namespace polder {
namespace {

/// The carry out of each of the lowest `places` places of a sum.
/// carry[i]: the places up to i, as far down as gathered, make a carry; through[i]: they would pass
/// one on, which nobody asks of those that reach down to place 0.
Bits carries(Protocol& mpc, Bits carry, Bits through, int places) {
  for (int span = 1; span < places; span *= 2) {
    const Gathering level = gathering(places, span);
    Gathering longer;
    for (std::size_t i = 0; i < level.upper.size(); ++i) {
      if (level.upper[i] < 2 * span) continue;
      longer.upper.push_back(level.upper[i]);
      longer.lower.push_back(level.lower[i]);
    }
    const Bits upper = pick_bits(through, level.upper), lower = pick_bits(carry, level.lower);
    const Bits longer_upper = pick_bits(through, longer.upper),
               longer_lower = pick_bits(through, longer.lower);
    const Bits joined =
        mpc.bit_and(join_bits({&upper, &longer_upper}), join_bits({&lower, &longer_lower}));
    flip_bits(carry, level.upper, bits(joined, 0, upper.width()));
    put_bits(through, longer.upper, bits(joined, upper.width(), longer_upper.width()));
  }
  return carry;
}

/// x + y + carry_in, the lowest `places` carries of it.
Bits sum(Protocol& mpc, const Bits& x, const Bits& y, bool carry_in, int places) {
  require(x.shape() == y.shape() && x.width() > 0, "add_bits: columns of different shape");
  const Bits exclusive = x ^ y, first = mpc.constant(x.size(), 1, carry_in ? 1 : 0);
  if (places == 0) return exclusive ^ first;
  Bits carry = mpc.bit_and(bits(x, 0, places), bits(y, 0, places));
  const Bits through = bits(exclusive, 0, places);
  if (carry_in) flip_bits(carry, {0}, bit(exclusive, 0));
  carry = carries(mpc, std::move(carry), through, places);
  const Bits shifted = join_bits({&first, &carry}), none = mpc.constant(x.size(), 1, 0);
  return places < x.width() ? exclusive ^ shifted : join_bits({&exclusive, &none}) ^ shifted;
}

}  // namespace

Bits add_bits(Protocol& mpc, const Bits& x, const Bits& y) {
  return sum(mpc, x, y, false, x.width() - 1);
}

Bits add_bits_with_carry(Protocol& mpc, const Bits& x, const Bits& y) {
  return sum(mpc, x, y, false, x.width());
}

Bits subtract_bits(Protocol& mpc, const Bits& x, const Bits& y) {
  return sum(mpc, x, mpc.bit_not(y), true, x.width() - 1);
}

// Every bit above the lowest one set turns over.
Bits negate_bits(Protocol& mpc, const Bits& x) {
  if (x.width() <= 1) return x;
  const Bits turned = prefix_or_in_rows(mpc, bits(x, 0, x.width() - 1));
  const Bits first = mpc.constant(x.size(), 1, 0);
  return x ^ join_bits({&first, &turned});
}

}  // namespace polder
