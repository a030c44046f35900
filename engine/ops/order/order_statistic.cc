#include "ops/order/order_statistic.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "ops/row_numbers.h"

namespace polder {
namespace {

constexpr std::size_t smallest_sample = 128;

bool answer(std::span<const std::uint64_t> answers, std::size_t i) {
  return answers[i / 64] >> i % 64 & 1;
}

/// Looks for the row of one rank among shuffled rows: compares the rows of a sample with each
/// other, then all rows with two of the sample that should lie just below and just above the row
/// looked for, and goes on with the rows between, or on the side where it turned out to be.
class Narrowing final : public Inquiry {
 public:
  Narrowing(std::size_t rows, std::size_t rank) : rows_(rows), rank_(rank) {
    std::iota(rows_.begin(), rows_.end(), 0u);
  }

  bool ask(Indices& left, Indices& right) override {
    left.clear(), right.clear();
    if (rows_.size() == 1) return false;
    if (sorted_sample_.empty()) {
      ask_sample(left, right);
    } else {
      ask_pivots(left, right);
    }
    return true;
  }

  void hear(std::span<const std::uint64_t> answers) override {
    if (sorted_sample_.empty()) {
      hear_sample(answers);
    } else {
      hear_pivots(answers);
    }
  }

  std::uint32_t found() const { return rows_[0]; }

 private:
  std::span<const std::uint32_t> sample() const {
    const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(rows_.size())));
    return std::span(rows_).first(std::min(rows_.size(), std::max(root, smallest_sample)));
  }

  void ask_sample(Indices& left, Indices& right) const {
    const auto rows = sample();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = i + 1; j < rows.size(); ++j) {
        left.push_back(rows[i]);
        right.push_back(rows[j]);
      }
    }
  }

  void hear_sample(std::span<const std::uint64_t> answers) {
    const auto rows = sample();
    Indices rows_below(rows.size(), 0u);
    std::size_t pair = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = i + 1; j < rows.size(); ++j)
        ++rows_below[answer(answers, pair++) ? j : i];
    }
    sorted_sample_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) sorted_sample_[rows_below[i]] = rows[i];
    if (rows.size() == rows_.size()) {
      rows_ = Indices{sorted_sample_[rank_]};
    } else {
      choose_pivots();
    }
  }

  /// Two standard deviations of the place in the sample away from where the row should be. A pivot
  /// has a row of the sample on its far side, so that either side is smaller than the whole.
  void choose_pivots() {
    const auto all = static_cast<double>(rows_.size());
    const auto size = static_cast<double>(sorted_sample_.size());
    const double place = (static_cast<double>(rank_) + 0.5) / all * size,
                 margin = std::sqrt(size) + 1;
    const double low = std::floor(place - margin), high = std::ceil(place + margin);
    low_ = low >= 1 ? sorted_sample_[static_cast<std::size_t>(low)] : no_row;
    high_ = high <= size - 2 ? sorted_sample_[static_cast<std::size_t>(high)] : no_row;
  }

  void ask_pivots(Indices& left, Indices& right) const {
    for (const std::uint32_t pivot : {low_, high_}) {
      if (pivot == no_row) continue;
      for (const std::uint32_t row : rows_) {
        if (row == pivot) continue;
        left.push_back(row);
        right.push_back(pivot);
      }
    }
  }

  /// The pivots themselves belong to the rows between.
  void hear_pivots(std::span<const std::uint64_t> answers) {
    Indices below, between, above;
    std::size_t low_query = 0, high_query = low_ == no_row ? 0 : rows_.size() - 1;
    for (const std::uint32_t row : rows_) {
      const bool is_below = low_ != no_row && row != low_ && answer(answers, low_query++);
      const bool is_above = high_ != no_row && row != high_ && !answer(answers, high_query++);
      (is_below ? below : is_above ? above : between).push_back(row);
    }
    for (Indices* part : {&below, &between, &above}) {
      if (rank_ < part->size()) {
        rows_ = std::move(*part);
        break;
      }
      rank_ -= part->size();
    }
    sorted_sample_.clear();
  }

  static constexpr std::uint32_t no_row = UINT32_MAX;

  Indices rows_;      // that may still be the one
  std::size_t rank_;  // of the one among them
  Indices sorted_sample_;
  std::uint32_t low_ = no_row, high_ = no_row;
};

/// Rows of these ranks among distinct keys that were just shuffled.
Indices open_ranks(Protocol& mpc, const Rows& shuffled, std::span<const std::size_t> ranks) {
  std::vector<Narrowing> narrowings;
  for (const std::size_t rank : ranks) narrowings.emplace_back(shuffled.size(), rank);
  std::vector<Inquiry*> inquiries;
  for (Narrowing& narrowing : narrowings) inquiries.push_back(&narrowing);
  // Safe: distinct keys in an order nobody knows (the caller's promise), so the answers are those
  // of a uniformly random permutation.
  mpc.open_order(shuffled, shuffled.width(), inquiries);
  Indices found;
  for (const Narrowing& narrowing : narrowings) found.push_back(narrowing.found());
  return found;
}

}  // namespace

PickedRow order_statistic(Protocol& mpc, const Bits& x, std::span<const std::size_t> ranks,
                          Sign sign) {
  for (const std::size_t rank : ranks) {
    if (rank >= x.size())
      fail(Code::bad_input, "nth: rank {} of {} rows; ranks count from 0", rank, x.size());
  }
  const int number_width = row_number_width(x.size());
  std::vector<Column> columns;
  {
    const Bits numbers = row_numbers(mpc, x.size()), key = unsigned_order(mpc, x, sign);
    columns.push_back(to_rows(mpc.workers(), {&numbers, &key}));
  }
  const Rows rows = std::get<Rows>(mpc.shuffle(x.size())->apply(std::move(columns))[0]);
  // Safe: distinct by their number, and shuffled a line above.
  const Indices found = open_ranks(mpc, rows, ranks);
  const Bits picked = gather_bits(mpc.workers(), rows, found, 0, rows.width());
  return {unsigned_order(mpc, bits(picked, number_width, x.width()), sign),
          bits(picked, 0, number_width)};
}

PickedRow order_statistic(Protocol& mpc, const Bits& x, std::size_t rank, Sign sign) {
  return order_statistic(mpc, x, std::span(&rank, 1), sign);
}

PickedRow medians(Protocol& mpc, const Bits& x, Sign sign) {
  if (x.size() == 0) fail(Code::bad_input, "the median of no rows; give at least one");
  const std::size_t middle[] = {(x.size() - 1) / 2, x.size() / 2};
  return order_statistic(mpc, x, middle, sign);
}

}  // namespace polder
