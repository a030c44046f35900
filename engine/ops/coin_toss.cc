#include "ops/coin_toss.h"

#include <algorithm>

namespace polder {

Stream toss_coins(Protocol& mpc) {
  // Safe: random bits that nothing else depends on.
  const PlainBits seed = mpc.open(mpc.random_bits(128, 1), all_nodes);
  Key::Raw raw;
  std::ranges::copy(bytes_of(seed.words()), raw.begin());
  return Stream(Key(raw));
}

}  // namespace polder
