// What is public of a logistic regression's numbers: how each feature is scaled, how strong its
// penalty is, and of which type its coefficient.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ml/scaled_features.h"
#include "plan/operator.h"

namespace polder {

/// scikit-learn's C, the inverse of the penalty's weight: a decimal number in its one spelling, or
/// "inf" for no penalty. None if it is neither, or outside 10^-6 .. 10^9.
std::optional<double> inverse_penalty(const std::string& text);

struct Coefficient {
  Feature feature;
  std::uint64_t ridge;  // power times ridge / 2^61: the root of its penalty, at most 1
  int cut;              // last bits that are dropped, so that the rest fits
  Type type;
};

struct Coefficients {
  int width;  // of the scaled features
  std::vector<Coefficient> of;
  Type intercept;
};

/// A mean is at most so many times as far from 0 as values are from it.
inline constexpr int largest_centre = 10;  // 2^10

/// Complains about what is no number, or cannot be computed with in 64 bits.
Coefficients coefficients(const std::vector<ColumnShape>& features, double c, Complaints& no);

}  // namespace polder
