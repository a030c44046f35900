#include "ops/compare/open_any.h"

namespace polder {
namespace {

/// Of rows that hold a set one, a random choice has an odd number set with probability 1/2.
constexpr int choices = 48;

/// Of random choices of the rows, whether an odd number is set.  [n] -> [choices].  No round.
Bits odd_in_choices(const Bits& x, Stream& coins) {
  std::vector<Bits> odd;
  while (odd.size() < choices) {
    Words chosen(x.shape().words());
    coins.fill(chosen);
    odd.push_back(total(x & PlainBits(x.shape(), std::move(chosen))));
  }
  return concat(odd);
}

/// The bits of the only row, each a row.  [1] of w -> [w] of one bit.
Bits as_column(const Bits& x) {
  std::vector<Bits> rows;
  for (int i = 0; i < x.width(); ++i) rows.push_back(bit(x, i));
  return concat(rows);
}

}  // namespace

bool open_any(Protocol& mpc, const Bits& x, Stream& coins) {
  const Bits odd = odd_in_choices(x, coins);
  const Bits hidden = total(mpc.bit_and(mpc.random_bits(choices, choices), odd));
  // Safe: zero if no row is set, else, but for 2^-48, the sum of one or more random rows that
  // nobody knows: uniformly random.
  return mpc.open(as_column(hidden), all_nodes).words()[0] != 0;
}

}  // namespace polder
