#include "ml/logistic_fit.h"

#include <algorithm>

#include "base/error.h"
#include "ml/matrix.h"
#include "ml/sigmoid.h"
#include "ml/solve.h"
#include "ops/compare/compare.h"
#include "ops/compare/select.h"

namespace polder {
namespace {

constexpr int z_bits = LabelledRows::fraction_bits, w_bits = LogisticFit::fraction_bits;
constexpr int ridge_bits = LogisticFit::ridge_bits, gradient_bits = 32, hessian_bits = 28;
constexpr int weight_bits = 20, number_width = 61;
// A gradient this large in one place counts as no larger, so that its square has room.
constexpr int norm_bits = 30, norm_most = -2;
constexpr std::uint64_t one = 1;

/// The loss around some coefficients, divided by 2^(bits of how many rows count).
struct Point {
  Arith coefficients;  // [d]
  Arith downhill;      // [d]: the gradient, turned over
  Arith hessian;       // [d, d]
  Arith norm;          // [1]: of the gradient, squared
};

class Newton {
 public:
  Newton(Protocol& mpc, const LabelledRows& rows, const Arith& ridge)
      : mpc_(mpc),
        rows_(rows),
        ridge_(ridge),
        d_(ridge.size()),
        n_(rows.labels.size()),
        probability_bits_(std::min(28, 41 - rows.width)) {
    ridge_part_ = diagonal_matrix(mpc_, shared_out(ridge, ridge_bits, hessian_bits));
    require(rows.features.size() == d_ * n_ && n_ <= LabelledRows::max_rows, "logistic_fit: sizes");
  }

  LogisticFit fit(int steps) {
    Point best = at(mpc_.constant(d_, 0));
    Solution ahead = solve_damped(mpc_, best.hessian, best.downhill);
    Arith step = ahead.x;
    for (int i = 1; i < steps; ++i) {
      const Point next =
          at(clamped(mpc_, best.coefficients + step, one << (w_bits + LogisticFit::most)));
      const Arith better = mpc_.to_arith(mpc_.bit_not(is_negative(mpc_, best.norm - next.norm)));
      best = chosen(better, next, best);
      ahead = solve_damped(mpc_, best.hessian, best.downhill);
      step = select(mpc_, all_repeated(mpc_, better, d_), ahead.x, mpc_.truncate(step, 1));
    }
    const Bits near = all_within(mpc_, ahead.x, one << (w_bits - LogisticFit::tolerance));
    return {std::move(best.coefficients), mpc_.bit_and(near, ahead.small)};
  }

 private:
  Point at(Arith coefficients) {
    const Arith& z = rows_.features;
    const Arith predictor = mpc_.truncate(mpc_.matmul(coefficients, z, {1, d_, n_}), z_bits);
    const Arith p = sigmoid(mpc_, predictor, probability_bits_);
    const Arith wrong = rows_.labels * (one << probability_bits_) - p;
    const Arith sums = mpc_.matmul(z, wrong, {d_, n_, 1});
    Arith downhill =
        shared_out(sums, z_bits + probability_bits_, gradient_bits) - pull(coefficients);

    const Arith weight = mpc_.truncate(mpc_.mul(p, mpc_.add(-p, one << probability_bits_)),
                                       2 * probability_bits_ - weight_bits);
    const Arith weighted = mpc_.truncate(mpc_.mul(z, all_repeated(mpc_, weight, d_)), weight_bits);
    const Arith products = mpc_.matmul(z, transposed(mpc_, weighted, d_, n_), {d_, n_, d_});
    Arith hessian = shared_out(products, 2 * z_bits, hessian_bits) + ridge_part_;

    const Arith coarse = clamped(mpc_, mpc_.truncate(downhill, gradient_bits - norm_bits),
                                 one << (norm_bits + norm_most));
    Arith norm = mpc_.matmul(coarse, coarse, {1, d_, 1});
    return {std::move(coefficients), std::move(downhill), std::move(hessian), std::move(norm)};
  }

  /// The penalty's part of the gradient. The products have as many bits as there is room for.
  Arith pull(const Arith& coefficients) {
    const int bits = number_width - LogisticFit::most - rows_.width;
    const Arith whole = mpc_.truncate(mpc_.mul(ridge_, coefficients), ridge_bits + w_bits - bits);
    return shared_out(whole, bits, gradient_bits);
  }

  /// A sum over rows, divided by 2^(bits of how many count).
  Arith shared_out(const Arith& sum, int bits, int to_bits) {
    const Arith scaled = mpc_.mul(sum, all_repeated(mpc_, rows_.share, sum.size()));
    return rounded_shift(mpc_, scaled, bits + rows_.width - to_bits);
  }

  Point chosen(const Arith& first, const Point& x, const Point& y) {
    const auto joined = [](const Point& of) {
      return concat({&of.coefficients, &of.downhill, &of.hessian, &of.norm});
    };
    const Arith all_x = joined(x);
    const Arith all = select(mpc_, all_repeated(mpc_, first, all_x.size()), all_x, joined(y));
    return {slice(all, 0, d_), slice(all, d_, d_), slice(all, 2 * d_, d_ * d_),
            slice(all, 2 * d_ + d_ * d_, 1)};
  }

  Protocol& mpc_;
  const LabelledRows& rows_;
  const Arith& ridge_;
  std::size_t d_, n_;
  int probability_bits_;
  Arith ridge_part_;  // of the Hessian
};

}  // namespace

LogisticFit logistic_fit(Protocol& mpc, const LabelledRows& rows, const Arith& ridge, int steps) {
  require(steps >= 1, "logistic_fit: at least one step");
  return Newton(mpc, rows, ridge).fit(steps);
}

}  // namespace polder
