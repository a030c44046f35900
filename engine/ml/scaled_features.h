// Features brought to one size by secret means and secret powers of two, for which the bounds that
// a type declares may be far wider than the values are.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/protocol.h"

namespace polder {

/// What is public of a feature: stored numbers within low .. low + range, of which `units` are one.
/// Its reach, and so its coefficient's precision, is taken as at least 2^min_reach stored units.
struct Feature {
  std::int64_t low;
  std::uint64_t range, units;
  int min_reach;
};

/// z = (x - centre) power / 2^width, in -1 .. 1: the centre is the mean, to a stored unit, and
/// 2^width / power the least power of two above all distances from it.
struct ScaledFeatures {
  static constexpr int fraction_bits = 20;

  int width;     // of all features
  Arith z;       // [d, n], 0 in rows that do not count
  Arith centre;  // [d], in stored units
  Arith power;   // [d]
};

/// Bits that hold every feature's range and reach; at most 28 are possible.
int width_of(const std::vector<Feature>& features);

/// x [d, n] stored numbers, counts [n] of 0 or 1, count [1] their sum.  ~150 + log2 n rounds, ~70 B
/// a value (110 where the width is more than 20).  Reveals nothing.
ScaledFeatures scaled_features(Protocol& mpc, const std::vector<Feature>& features, const Arith& x,
                               const Arith& counts, const Arith& count);

}  // namespace polder
