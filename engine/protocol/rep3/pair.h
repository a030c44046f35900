// What two neighbouring nodes share: one key, and from it one stream a purpose. Both draw the same
// counts in the same order, also in steps that concern only one of them; counts depend on public
// sizes alone.
#pragma once

#include "crypto/stream.h"

namespace polder::rep3 {

struct Pair {
  explicit Pair(const Key& key)
      : zero(key.derive("zero")), share(key.derive("share")), order(key.derive("order")) {}

  Stream zero;   // masks of products: own minus next adds up to zero over the three nodes
  Stream share;  // components that both holders draw instead of sending
  Stream order;  // permutations
};

}  // namespace polder::rep3
