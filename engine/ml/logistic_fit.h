// The coefficients of a logistic regression: how, how exact, and what a fit costs are told in
// docs/protocols/logistic.md.
#pragma once

#include "protocol/protocol.h"

namespace polder {

/// Rows as a fit sees them: of each feature, the constant 1 first, n values within -1 .. 1, all 0
/// in rows that do not count; and labels 0 or 1, which may be anything there.
struct LabelledRows {
  static constexpr int fraction_bits = 20;
  static constexpr std::size_t max_rows = (std::size_t{1} << 22) - 1, max_features = 64;

  Arith features;  // [d, n]
  Arith labels;    // [n]
  /// 2^(width - bits of how many rows count), where `width` bits hold n.  [1]
  Arith share;
  int width;
};

struct LogisticFit {
  static constexpr int fraction_bits = 24;
  static constexpr int ridge_bits = 30;
  static constexpr int most = 7;        // coefficients stay within -2^7 .. 2^7
  static constexpr int tolerance = 16;  // the last step is at most 2^-16 in each

  Arith coefficients;  // [d]
  Bits converged;      // [1] of 1
};

/// What minimises the sum of log losses plus ridge / 2 times each coefficient's square, by Newton's
/// method with at most `steps` evaluations; a step that makes the gradient larger is taken back and
/// halved. ridge [d] is at most 1, with 30 fraction bits.  ~(215 + 103 d) steps rounds, ~(700 + 70
/// d) steps B a row.  Reveals nothing.
LogisticFit logistic_fit(Protocol& mpc, const LabelledRows& rows, const Arith& ridge, int steps);

}  // namespace polder
