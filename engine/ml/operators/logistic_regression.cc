#include <algorithm>
#include <bit>

#include "ml/coefficient.h"
#include "ml/logistic_fit.h"
#include "ml/matrix.h"
#include "ml/power_of_two.h"
#include "table/aggregation.h"
#include "table/execution.h"

namespace polder::operators {
namespace {

/// Coefficients that tell a label from features.
struct LogisticRegression {
  Names features;
  std::string label;
  std::string c = "1";
  int max_iter = 20;
  static constexpr auto fields = std::tuple{required("features", &LogisticRegression::features),
                                            required("label", &LogisticRegression::label),
                                            optional("C", &LogisticRegression::c),
                                            optional("max_iter", &LogisticRegression::max_iter)};
};

void require_label(const LogisticRegression& of, const Inference& in) {
  const ColumnShape* label = in.column(0, of.label);
  if (label == nullptr) return;
  const bool is_flag =
      label->type.kind == TypeKind::boolean ||
      (label->type.kind == TypeKind::integer && Bounds{0, 1}.contains(label->type.bounds));
  if (!is_flag)
    in.no.add(Problem::type, "the label '{}' is {}, not true or false; compare it with something",
              of.label, label->type.text());
}

/// Those that are there, in order.
std::vector<ColumnShape> feature_columns(const LogisticRegression& of, const Inference& in) {
  std::vector<ColumnShape> columns;
  for (const std::string& name : of.features) {
    if (name == "intercept" || name == of.label || std::ranges::count(of.features, name) > 1) {
      in.no.add(Problem::name,
                "the feature '{}' is asked for twice, is the label, or has the intercept's name",
                name);
    }
    const ColumnShape* column = in.column(0, name);
    if (column != nullptr) columns.push_back(*column);
  }
  return columns;
}

Shape infer(const LogisticRegression& of, const Inference& in) {
  Shape shape;
  shape.rows = in.self;
  shape.max_rows = 1;
  shape.grouped = true;
  require_records(in);
  require_label(of, in);
  if (of.features.empty() || of.features.size() >= LabelledRows::max_features)
    in.no.add(Problem::bound, "there are 1 to {} features", LabelledRows::max_features - 1);
  if (of.max_iter < 1 || of.max_iter > 100) in.no.add(Problem::bound, "max_iter is 1 to 100");
  if (in.of[0]->max_rows > LabelledRows::max_rows)
    in.no.add(Problem::bound, "a fit takes at most {} rows, and these are up to {}",
              LabelledRows::max_rows, in.of[0]->max_rows);
  const std::optional<double> c = inverse_penalty(of.c);
  if (!c) {
    in.no.add(Problem::parameter,
              "C is a decimal number from 0.000001 to 1000000000, or \"inf\"; not '{}'", of.c);
  }
  const std::vector<ColumnShape> features = feature_columns(of, in);
  if (!in.no.empty()) return shape;
  const Coefficients numbers = coefficients(features, *c, in.no);
  if (!in.no.empty()) return shape;
  Sources from = in.column(0, of.label)->from;
  for (const ColumnShape& column : features) from.insert(column.from.begin(), column.from.end());
  shape.columns.push_back({"intercept", numbers.intercept, from, true});
  for (std::size_t j = 0; j < features.size(); ++j)
    shape.columns.push_back({of.features[j], numbers.of[j].type, from, true});
  return shape;
}

class Fitting {
 public:
  Fitting(Execution& run, const LogisticRegression& of, const Frame& frame)
      : run_(run), mpc_(run.mpc()), of_(of), frame_(frame) {
    std::vector<ColumnShape> columns;
    for (const std::string& name : of.features)
      columns.push_back(*run.shape_of_input(0).find(name));
    Complaints none;
    numbers_ = coefficients(columns, *inverse_penalty(of.c), none);
    for (const Coefficient& one : numbers_.of) features_.push_back(one.feature);
  }

  Frame all() {
    const std::size_t d = features_.size(), n = frame_.rows;
    const Arith counts = counted_rows(), x = stored();
    const Arith label = frame_.at(of_.label)->number(mpc_), count = total(counts);
    const ScaledFeatures scaled = scaled_features(mpc_, features_, x, counts, count);
    const Arith constant = counts * (std::uint64_t{1} << ScaledFeatures::fraction_bits);
    const int width = std::max(1, static_cast<int>(std::bit_width(n)));
    const Arith part = power_to_full(mpc_, bits(mpc_.to_bits(count), 0, width));
    const LogisticFit fit = logistic_fit(mpc_, {concat({&constant, &scaled.z}), label, part, width},
                                         ridge(scaled), of_.max_iter);

    const Arith w = slice(fit.coefficients, 1, d);
    const auto [intercept, near] = intercept_of(fit, scaled);
    const Bits missing = mpc_.bit_not(mpc_.bit_and(fit.converged, near));
    const std::vector<Count> behind = rows_behind(counts, label, count);
    const Arith unscaled = mpc_.mul(w, scaled.power);
    const Arith levels = mpc_.matmul(x, counts, {d, n, 1});
    Frame answer{1, {}, {}};
    const auto put = [&](const std::string& name, Arith number, std::vector<Count> rows) {
      Series series(run_.shape().find(name)->type, std::move(number));
      series.set_null(missing).set_behind(std::move(rows));
      answer.columns.emplace_back(name, share(std::move(series)));
    };
    put("intercept", intercept, behind);
    for (std::size_t j = 0; j < d; ++j) {
      const Coefficient& one = numbers_.of[j];
      std::vector<Count> rows = behind;
      if (frame_.at(of_.features[j])->type().kind == TypeKind::boolean) {
        rows.push_back(std::make_shared<const Arith>(slice(levels, j, 1)));
        rows.push_back(std::make_shared<const Arith>(count - slice(levels, j, 1)));
      }
      put(of_.features[j], rounded_shift(mpc_, slice(unscaled, j, 1), one.cut) * one.feature.units,
          std::move(rows));
    }
    return answer;
  }

 private:
  /// 1 for rows that are valid and lack nothing.
  Arith counted_rows() {
    std::optional<Bits> valid = present(mpc_, frame_.valid, *frame_.at(of_.label));
    for (const std::string& name : of_.features) valid = present(mpc_, valid, *frame_.at(name));
    return valid ? mpc_.to_arith(*valid) : mpc_.constant(frame_.rows, 1);
  }

  Arith stored() {
    std::vector<Arith> columns;
    for (const std::string& name : of_.features) columns.push_back(frame_.at(name)->number(mpc_));
    return concat(std::span<const Arith>(columns));
  }

  /// The penalty of scaled coefficients; none of the intercept.
  Arith ridge(const ScaledFeatures& scaled) {
    constexpr int bits = LogisticFit::ridge_bits;
    Words factors;
    for (const Coefficient& one : numbers_.of) factors.push_back(one.ridge);
    const Arith root = mpc_.truncate(scaled.power * factors, 61 - bits);
    const Arith none = mpc_.constant(1, 0), some = mpc_.truncate(mpc_.mul(root, root), bits);
    return concat({&none, &some});
  }

  /// At features of 0, not at their means; and whether no mean is too far from 0 to say.
  std::pair<Arith, Bits> intercept_of(const LogisticFit& fit, const ScaledFeatures& scaled) {
    constexpr int fine = 20;
    const int width = scaled.width, low_bits = std::max(0, width - fine);
    const std::uint64_t most = std::uint64_t{1} << (width + largest_centre);
    const Arith w = slice(fit.coefficients, 1, features_.size());
    const Arith centre = mpc_.mul(scaled.centre, scaled.power);
    const Arith bounded = clamped(mpc_, centre, most);
    Arith products;
    if (low_bits == 0) {
      products = mpc_.mul(w, bounded);
    } else {  // in two parts: 64 bits do not hold the product
      const Arith high = mpc_.truncate(bounded, low_bits);
      const Arith low = bounded - high * (std::uint64_t{1} << low_bits);
      products = mpc_.mul(w, high) + mpc_.truncate(mpc_.mul(w, low), low_bits);
    }
    const Arith moved = total(rounded_shift(mpc_, products, width - low_bits));
    return {slice(fit.coefficients, 0, 1) - moved, all_within(mpc_, centre, most)};
  }

  /// More rows than coefficients, and rows of both labels.
  std::vector<Count> rows_behind(const Arith& counts, const Arith& label, const Arith& count) {
    const Arith yes = mpc_.matmul(counts, label, {1, frame_.rows, 1});
    const std::uint64_t fitted = features_.size() + 1;
    return {std::make_shared<const Arith>(mpc_.add(count, 0 - fitted)),
            std::make_shared<const Arith>(yes), std::make_shared<const Arith>(count - yes)};
  }

  Execution& run_;
  Protocol& mpc_;
  const LogisticRegression& of_;
  const Frame& frame_;
  Coefficients numbers_;
  std::vector<Feature> features_;
};

std::vector<Used> uses(const LogisticRegression& of, const Inference&) {
  std::vector<Used> used{{0, of.label, Use::model_label}};
  for (const std::string& name : of.features) used.push_back({0, name, Use::model_feature});
  return used;
}

}  // namespace

std::vector<Operator> logistic_regression() {
  return {describe<LogisticRegression>(
      {.name = "logistic_regression",
       .takes = {Taken::frame},
       .python = "learn.LogisticRegression(C, max_iter).fit(features, label)",
       .what = "One row: the intercept and the coefficient of each feature that best tell a label; "
               "missing if max_iter steps did not reach them.",
       .differs =
           {"rows where a feature or the label is missing are left out (scikit-learn refuses "
            "them)",
            "all max_iter steps of Newton's method are done, and coefficients that they did "
            "not reach are missing (scikit-learn warns)",
            "the coefficient of a feature that never changes is 0"},
       .oracle = "sklearn.linear_model.LogisticRegression(C=C).fit(frame[features], frame[label])",
       .example = "LogisticRegression(C=1.0).fit(frame[['age', 'fare']], frame.survived)",
       .infer = infer,
       .uses = uses,
       .lower = [](Execution& run, const LogisticRegression& of, Answers in) {
         return answer(Fitting(run, of, in[0]->frame).all());
       }})};
}

}  // namespace polder::operators
