// Plain linear algebra in doubles, for oracles.
#pragma once

#include <cmath>
#include <vector>

#include "ops/operator_fixture.h"

namespace polder::testing {

using Doubles = std::vector<double>;

inline Doubles decoded(const Values& values, int fraction_bits) {
  Doubles all;
  for (const std::uint64_t value : values)
    all.push_back(std::ldexp(static_cast<double>(as_signed(value, 64)), -fraction_bits));
  return all;
}

inline Values encoded(const Doubles& values, int fraction_bits) {
  Values all;
  for (const double value : values)
    all.push_back(static_cast<std::uint64_t>(std::llround(std::ldexp(value, fraction_bits))));
  return all;
}

/// x with A x = b, rows exchanged for the largest pivot.
inline Doubles solved(Doubles a, Doubles b) {
  const std::size_t d = b.size();
  for (std::size_t k = 0; k < d; ++k) {
    std::size_t largest = k;
    for (std::size_t i = k; i < d; ++i)
      if (std::abs(a[i * d + k]) > std::abs(a[largest * d + k])) largest = i;
    for (std::size_t j = 0; j < d; ++j) std::swap(a[k * d + j], a[largest * d + j]);
    std::swap(b[k], b[largest]);
    for (std::size_t i = 0; i < d; ++i) {
      if (i == k) continue;
      const double factor = a[i * d + k] / a[k * d + k];
      for (std::size_t j = 0; j < d; ++j) a[i * d + j] -= factor * a[k * d + j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = 0; k < d; ++k) b[k] /= a[k * d + k];
  return b;
}

}  // namespace polder::testing
