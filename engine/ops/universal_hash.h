// Long bits as short ones, by a function that coins choose: different rows stay different, but for
// a probability that nobody could have worked towards who did not know the coins. A universal
// family of hash functions: Carter, Wegman, JCSS 1979.
#pragma once

#include "base/bit_matrix.h"
#include "crypto/stream.h"
#include "protocol/share.h"

namespace polder {

/// The lowest bits, plus (over GF(2)) a random matrix times the others. Two rows that do not depend
/// on the coins and differ are alike afterwards with probability 2^-hashed_width, or never, if only
/// their lowest bits differ: the sum's difference is a fixed vector plus a random matrix times the
/// difference of the others, which is uniform unless that is zero.
class UniversalHash {
 public:
  /// Of bits of `width` to ones of `hashed_width`, if that is less; else the bits as they are.
  UniversalHash(int width, int hashed_width, Stream& coins);

  /// [n] of width -> [n] of hashed_width.  No round.  Reveals nothing.
  Bits operator()(Workers& workers, const Bits& x) const;

 private:
  int width_, hashed_width_;
  BitMatrix matrix_;  // [hashed_width, width - hashed_width]
};

}  // namespace polder
