#include "ops/sample_sort.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <vector>

namespace polder {
namespace {

constexpr std::size_t batch_rows = 16384;     // a batch's planes stay in L2
constexpr std::size_t sample_share = 16;      // a sample has about 1 / 16 of the rows
constexpr std::size_t all_pairs_at_most = 3;  // as many comparisons as quicksort, in one step
constexpr std::size_t smallest_sampled = 256;

using Positions = std::span<const std::uint32_t>;

/// Answer i as 0 or 1. Answers are as good as random: a branch on one costs more than the rest of a
/// step, so rows are placed by arithmetic.
std::uint32_t answer(std::span<const std::uint64_t> answers, std::size_t i) {
  return static_cast<std::uint32_t>(answers[i / 64] >> i % 64 & 1);
}

/// Binary search of rows first .. first + n in the sorted sample of 2^k - 1 rows: how many of the
/// sample lie below each.
class Descent final : public Inquiry {
 public:
  Descent(std::size_t first, Positions sample, std::span<std::uint32_t> below)
      : first_(first), sample_(sample), below_(below), step_((sample.size() + 1) / 2) {
    std::ranges::fill(below_, 0u);
  }

  bool ask(Indices& left, Indices& right) override {
    if (step_ == 0) return false;
    left.resize(below_.size());
    right.resize(below_.size());
    for (std::size_t i = 0; i < below_.size(); ++i) {
      left[i] = static_cast<std::uint32_t>(first_ + i);
      right[i] = sample_[below_[i] + step_ - 1];
    }
    return true;
  }

  void hear(std::span<const std::uint64_t> answers) override {
    const auto step = static_cast<std::uint32_t>(step_);
    for (std::size_t i = 0; i < below_.size(); ++i) below_[i] += step & (answer(answers, i) - 1);
    step_ /= 2;
  }

 private:
  std::size_t first_;
  Positions sample_;
  std::span<std::uint32_t> below_;
  std::size_t step_;
};

/// Quicksort of the rows inside each of many segments of `order`, a level of all segments a step;
/// the first row is the pivot (the rows were shuffled), and of up to three rows all pairs are
/// compared at once.
class SegmentSort final : public Inquiry {
 public:
  struct Segment {
    std::size_t begin, end;
    std::size_t size() const { return end - begin; }
  };

  SegmentSort(std::span<std::uint32_t> order, std::vector<Segment> segments) : order_(order) {
    for (const Segment& segment : segments) keep(segment);
  }

  bool ask(Indices& left, Indices& right) override {
    left.clear();
    right.clear();
    for (const Segment& segment : segments_) {
      const std::size_t pivots = segment.size() <= all_pairs_at_most ? segment.size() : 1;
      for (std::size_t p = segment.begin; p < segment.begin + pivots; ++p) {
        for (std::size_t i = p + 1; i < segment.end; ++i) {
          left.push_back(order_[i]);
          right.push_back(order_[p]);
        }
      }
    }
    return !segments_.empty();
  }

  void hear(std::span<const std::uint64_t> answers) override {
    const std::vector<Segment> asked = std::move(segments_);
    segments_.clear();
    std::size_t at = 0;
    for (const Segment& segment : asked) {
      if (segment.size() <= all_pairs_at_most) {
        place_by_wins(segment, answers, at);
      } else {
        partition(segment, answers, at);
      }
    }
  }

 private:
  void keep(Segment segment) {
    if (segment.size() > 1) segments_.push_back(segment);
  }

  /// A row's place is the number of rows that it is not below.
  void place_by_wins(Segment segment, std::span<const std::uint64_t> answers, std::size_t& at) {
    std::uint32_t rows[all_pairs_at_most] = {};
    std::size_t place[all_pairs_at_most] = {};
    for (std::size_t p = 0; p < segment.size(); ++p) {
      rows[p] = order_[segment.begin + p];
      for (std::size_t i = p + 1; i < segment.size(); ++i) ++place[answer(answers, at++) ? p : i];
    }
    for (std::size_t p = 0; p < segment.size(); ++p) order_[segment.begin + place[p]] = rows[p];
  }

  void partition(Segment segment, std::span<const std::uint64_t> answers, std::size_t& at) {
    const std::uint32_t pivot = order_[segment.begin];
    above_.resize(std::max(above_.size(), segment.size()));
    std::size_t next = segment.begin, above = 0;
    for (std::size_t i = segment.begin + 1; i < segment.end; ++i) {
      const std::uint32_t row = order_[i], is_below = answer(answers, at++);
      order_[next] = row, above_[above] = row;
      next += is_below, above += 1 - is_below;
    }
    order_[next] = pivot;
    std::copy_n(above_.begin(), above, order_.begin() + static_cast<std::ptrdiff_t>(next + 1));
    keep({segment.begin, next});
    keep({next + 1, segment.end});
  }

  std::span<std::uint32_t> order_;
  std::vector<Segment> segments_;
  Indices above_;
};

template <typename Kind>
void run(Protocol& mpc, const Rows& keys, int width,
         const std::vector<std::unique_ptr<Kind>>& batches) {
  std::vector<Inquiry*> inquiries;
  for (const auto& batch : batches) inquiries.push_back(batch.get());
  // Safe: the keys are distinct and freshly shuffled, as open_sorted_order demands.
  mpc.open_order(keys, width, inquiries);
}

/// How many of the sample lie below each row from `first` on.
Indices descend(Protocol& mpc, const Rows& keys, int width, std::size_t first, std::size_t n,
                Positions sample) {
  Indices below(n - first);
  std::vector<std::unique_ptr<Descent>> batches;
  for (std::size_t at = first; at < n; at += batch_rows) {
    const std::size_t rows = std::min(batch_rows, n - at);
    batches.push_back(
        std::make_unique<Descent>(at, sample, std::span(below).subspan(at - first, rows)));
  }
  run(mpc, keys, width, batches);
  return below;
}

/// Sorts the segments, about batch_rows rows a batch.
void sort_segments(Protocol& mpc, const Rows& keys, int width, std::span<std::uint32_t> order,
                   const std::vector<SegmentSort::Segment>& segments) {
  std::vector<std::unique_ptr<SegmentSort>> batches;
  std::vector<SegmentSort::Segment> batch;
  std::size_t rows = 0;
  for (const auto& segment : segments) {
    batch.push_back(segment);
    rows += segment.size();
    if (rows < batch_rows && &segment != &segments.back()) continue;
    batches.push_back(std::make_unique<SegmentSort>(order, std::move(batch)));
    batch.clear();
    rows = 0;
  }
  run(mpc, keys, width, batches);
}

/// The sample's rows in their places, and between them the rows that belong there, not yet in
/// order.
struct Buckets {
  Indices order;
  std::vector<SegmentSort::Segment> segments;
};

Buckets fill_buckets(Positions sample, Positions below) {
  Indices start(sample.size() + 2,
                0);  // of each bucket in the order, counting the sample's rows before it
  for (const std::uint32_t bucket : below) ++start[bucket + 1];
  for (std::size_t b = 1; b < start.size(); ++b) start[b] += start[b - 1] + 1;
  Buckets buckets{Indices(sample.size() + below.size()), {}};
  for (std::size_t b = 0; b <= sample.size(); ++b) {
    const std::size_t end = start[b + 1] - 1;
    if (b < sample.size()) buckets.order[end] = sample[b];
    buckets.segments.push_back({start[b], end});
  }
  for (std::size_t i = 0; i < below.size(); ++i) {
    buckets.order[start[below[i]]++] = static_cast<std::uint32_t>(sample.size() + i);
  }
  return buckets;
}

/// The sorted order of rows 0 .. n - 1.
Indices sorted_order_of_first(Protocol& mpc, const Rows& keys, int width, std::size_t n) {
  if (n < smallest_sampled) {
    Indices order(n);
    std::iota(order.begin(), order.end(), 0u);
    sort_segments(mpc, keys, width, order, {{0, n}});
    return order;
  }
  // The rows are in random order, so the first ones are a random sample. 2^k - 1 of them make every
  // search k steps.
  const std::size_t sample_rows = std::bit_floor(n / sample_share + 1) - 1;
  const Indices sample = sorted_order_of_first(mpc, keys, width, sample_rows);
  const Indices below = descend(mpc, keys, width, sample_rows, n, sample);
  Buckets buckets = fill_buckets(sample, below);
  sort_segments(mpc, keys, width, buckets.order, buckets.segments);
  return std::move(buckets.order);
}

}  // namespace

Indices open_sorted_order(Protocol& mpc, const Rows& keys, int width) {
  return sorted_order_of_first(mpc, keys, width, keys.size());
}

}  // namespace polder
