// For tests: both ends of base OTs, dealt.
#pragma once

#include "crypto/ot/base_ot.h"
#include "crypto/random.h"

namespace polder::testing {

struct BaseOts {
  KeyPairs pairs;
  ChosenKeys chosen;
};

inline BaseOts base_ots(std::size_t n) {
  BaseOts out{{random_blocks(n), random_blocks(n)}, {Words(words_for_bits(n)), Blocks(n)}};
  random_words(out.chosen.choices);
  for (std::size_t i = 0; i < n; ++i) {
    out.chosen.keys[i] = (out.chosen.mask(i) ? out.pairs.one : out.pairs.zero)[i];
  }
  return out;
}

}  // namespace polder::testing
