#include "ops/order/sample_sort.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

// Sample sort of row numbers; the rows themselves stay where they are. They come in random order,
// so the first s = 2^k - 1, about n / 16 of them, are a random sample. It is sorted in the same
// way. Each other row then searches its place in it (Descent: k comparisons), which leaves buckets
// of some 16 rows, all of which are sorted at once (SegmentSort: quicksort).
//   keys 5 2 9 | 7 1 4 8, a sample of 3: sorted 2 5 9; below them 7: 2, 1: 0, 4: 1, 8: 2 of it;
//   buckets [1] 2 [4] 5 [7 8] 9 []: only [7 8] has yet to be sorted
// About log2 n + 1.4 log2 16 comparisons a row. Where rounds are dear, several levels of a search
// are made one step, by more comparisons (levels_at_once).
// Source: Frazer, McKellar, "Samplesort", Journal of the ACM 17(3), 1970.
namespace polder {
namespace {

constexpr std::size_t batch_rows = 16384;  // a batch's planes stay in L2
constexpr std::size_t sample_share = 16;   // a sample has about 1 / 16 of the rows
constexpr int max_levels = 8;              // that are made one: 255 comparisons a row
constexpr std::size_t smallest_sampled = 256;
// A step's comparisons: what waits for their answers takes a few times the memory of the keys, or a
// twenty megabytes.
constexpr std::size_t max_comparisons_per_row = 6, always_comparisons = 1 << 19;

using Positions = std::span<const std::uint32_t>;

/// Answer i as 0 or 1. Answers are as good as random: a branch on one costs more than the rest of a
/// step, so rows are placed by arithmetic.
std::uint32_t answer(std::span<const std::uint64_t> answers, std::size_t i) {
  return static_cast<std::uint32_t>(answers[i / 64] >> i % 64 & 1);
}

/// Of the steps that many rows make at once.
struct StepLimits {
  double cost;             // of a step's rounds, in comparisons
  double max_comparisons;  // that a step may make, whatever is saved
  /// For one of several batches, which share both.
  StepLimits operator*(double part) const { return {cost * part, max_comparisons * part}; }
};

StepLimits step_limits(const Protocol& mpc, std::size_t n, int width) {
  const std::size_t most = std::max(max_comparisons_per_row * n, always_comparisons);
  return {mpc.rows_per_round() * log2_ceil(static_cast<std::size_t>(width)),
          static_cast<double>(most)};
}

/// Of n rows that make so many levels one. With several, all should be under way at once, in
/// batches that are no larger than that takes.
std::size_t rows_per_batch(const Protocol& mpc, std::size_t n, int levels) {
  if (levels == 1) return batch_rows;
  return std::clamp<std::size_t>(ceil_div(n, mpc.min_inquiries()), 64, batch_rows);
}

/// Of a step that makes k levels of a search one.
double comparisons(std::size_t rows, int k) {
  return static_cast<double>(rows) * static_cast<double>((1 << k) - 1);
}

/// How many levels of a search to make one: k of them in one step take 2^k - 1 comparisons of each
/// row instead of k, and the rounds of one step instead of k.
int levels_at_once(const StepLimits& step, std::size_t rows) {
  const auto cost_of_a_level = [&](int k) { return (step.cost + comparisons(rows, k)) / k; };
  int best = 1;
  for (int k = 2; k <= max_levels && comparisons(rows, k) <= step.max_comparisons; ++k) {
    if (cost_of_a_level(k) < cost_of_a_level(best)) best = k;
  }
  return best;
}

/// Of so many rows, in random order: 2^k - 1 of them make every search k steps. 0: too few.
std::size_t sample_size(std::size_t n) {
  return n < smallest_sampled ? 0 : std::bit_floor(n / sample_share + 1) - 1;
}

/// Search of rows first .. first + n in the sorted sample of 2^k - 1 rows: how many of the sample
/// lie below each. A step settles `levels` bits of that number, the highest first: the row is
/// compared with the 2^levels - 1 rows that part what is left of the sample.
class Descent final : public Inquiry {
 public:
  Descent(std::size_t first, Positions sample, int levels, std::span<std::uint32_t> below)
      : first_(first),
        sample_(sample),
        below_(below),
        levels_(levels),
        left_(log2_ceil(sample.size() + 1)) {
    std::ranges::fill(below_, 0u);
  }

  bool ask(Indices& left, Indices& right) override {
    if (left_ == 0) return false;
    const std::size_t n = below_.size(), parts = this->parts(), stride = this->stride();
    left.resize(parts * n);
    right.resize(parts * n);
    std::size_t at = 0;
    for (std::size_t part = 1; part <= parts; ++part) {
      const Positions pivots = sample_.subspan(part * stride - 1);
      for (std::size_t i = 0; i < n; ++i, ++at) {
        left[at] = static_cast<std::uint32_t>(first_ + i);
        right[at] = pivots[below_[i]];
      }
    }
    return true;
  }

  void hear(std::span<const std::uint64_t> answers) override {
    const auto stride = static_cast<std::uint32_t>(this->stride());
    std::size_t at = 0;
    for (std::size_t part = 1, parts = this->parts(); part <= parts; ++part) {
      for (std::uint32_t& below : below_) below += stride & (answer(answers, at++) - 1);
    }
    left_ -= step();
  }

 private:
  /// Bits that this step settles: all steps about as many.
  int step() const { return left_ / ((left_ + levels_ - 1) / levels_); }
  std::size_t parts() const { return (std::size_t{1} << step()) - 1; }
  std::size_t stride() const { return std::size_t{1} << (left_ - step()); }

  std::size_t first_;
  Positions sample_;
  std::span<std::uint32_t> below_;
  int levels_, left_;
};

/// Quicksort of the rows inside each of many segments of `order`, a level of all segments a step.
/// The first rows of a segment are its pivots (the rows were shuffled); all are compared with them,
/// so a segment that is hardly longer than its pivots are many is in order after one step. How many
/// pivots depends on the rows that are left: the last few segments are not worth a step each.
class SegmentSort final : public Inquiry {
 public:
  struct Segment {
    std::size_t begin, end;
    std::size_t size() const { return end - begin; }
  };

  SegmentSort(std::span<std::uint32_t> order, StepLimits step, std::vector<Segment> segments)
      : order_(order), step_(step) {
    for (const Segment& segment : segments) keep(segment);
  }

  bool ask(Indices& left, Indices& right) override {
    left.clear();
    right.clear();
    choose_pivots();
    for (const Segment& segment : segments_) {
      for (std::size_t p = 0; p < pivots_of(segment); ++p) {
        for (std::size_t i = segment.begin + p + 1; i < segment.end; ++i) {
          left.push_back(order_[i]);
          right.push_back(order_[segment.begin + p]);
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
      if (pivots_ == 1 && pivots_of(segment) == 1) {
        partition(segment, answers, at);
      } else {
        distribute(segment, answers, at);
      }
    }
  }

 private:
  void keep(Segment segment) {
    if (segment.size() > 1) segments_.push_back(segment);
  }

  void choose_pivots() {
    std::size_t rows = 0;
    for (const Segment& segment : segments_) rows += segment.size();
    pivots_ = (std::size_t{1} << levels_at_once(step_, rows)) - 1;
  }

  /// All rows if that takes no more comparisons.
  std::size_t pivots_of(Segment segment) const {
    return segment.size() <= 2 * pivots_ + 1 ? segment.size() - 1 : pivots_;
  }

  /// Each pivot's rows above it, and each row's pivots below it, are counted; a row goes behind the
  /// pivots that it is not below, in the order in which it came.
  void distribute(Segment segment, std::span<const std::uint64_t> answers, std::size_t& at) {
    const std::size_t pivots = pivots_of(segment), n = segment.size();
    rank_.assign(n, 0);  // pivots below the row
    for (std::size_t p = 0; p < pivots; ++p) {
      for (std::size_t i = p + 1; i < n; ++i) {
        const std::uint32_t is_below = answer(answers, at++);
        rank_[i] += 1 - is_below;
        if (i < pivots) rank_[p] += is_below;
      }
    }
    // Rows of rank r lie behind pivot r - 1 and before pivot r; the pivot itself has rank r.
    start_.assign(pivots + 2, 0);
    for (std::size_t i = pivots; i < n; ++i) ++start_[rank_[i] + 1];
    for (std::size_t r = 1; r < start_.size(); ++r) start_[r] += start_[r - 1] + 1;
    above_.assign(order_.begin() + static_cast<std::ptrdiff_t>(segment.begin),
                  order_.begin() + static_cast<std::ptrdiff_t>(segment.end));
    for (std::size_t p = 0; p < pivots; ++p) {
      order_[segment.begin + start_[rank_[p] + 1] - 1] = above_[p];
    }
    for (std::size_t r = 0; r <= pivots; ++r)
      keep({segment.begin + start_[r], segment.begin + start_[r + 1] - 1});
    for (std::size_t i = pivots; i < n; ++i) order_[segment.begin + start_[rank_[i]]++] = above_[i];
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
  StepLimits step_;
  std::vector<Segment> segments_;
  std::size_t pivots_ = 1;  // of this step
  Indices rank_, above_, start_;
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
  const int levels = levels_at_once(step_limits(mpc, keys.size(), width), below.size());
  const std::size_t max_rows = rows_per_batch(mpc, below.size(), levels);
  std::vector<std::unique_ptr<Descent>> batches;
  for (std::size_t at = first; at < n; at += max_rows) {
    const std::size_t rows = std::min(max_rows, n - at);
    batches.push_back(
        std::make_unique<Descent>(at, sample, levels, std::span(below).subspan(at - first, rows)));
  }
  run(mpc, keys, width, batches);
  return below;
}

/// Sorts the segments, some of them a batch.
void sort_segments(Protocol& mpc, const Rows& keys, int width, std::span<std::uint32_t> order,
                   const std::vector<SegmentSort::Segment>& segments) {
  const StepLimits step = step_limits(mpc, keys.size(), width);
  const std::size_t max_rows =
      rows_per_batch(mpc, order.size(), levels_at_once(step, order.size()));
  const double part =
      std::min(1.0, static_cast<double>(max_rows) / static_cast<double>(order.size()));
  std::vector<std::unique_ptr<SegmentSort>> batches;
  std::vector<SegmentSort::Segment> batch;
  std::size_t rows = 0;
  for (const auto& segment : segments) {
    batch.push_back(segment);
    rows += segment.size();
    if (rows < max_rows && &segment != &segments.back()) continue;
    batches.push_back(std::make_unique<SegmentSort>(order, step * part, std::move(batch)));
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

/// Each worker counts its rows of every bucket, and places them behind those of earlier workers.
Buckets fill_buckets(Workers& workers, Positions sample, Positions below) {
  // Few enough workers that adding up their counts takes less than what it saves.
  const std::size_t grain = std::max(BitShape::block_rows, 4 * (sample.size() + 1));
  const auto split = [&](auto&& work) { workers.split(below.size(), grain, work); };
  std::vector<Indices> next(workers.count());  // of a bucket its rows, then their next place
  split([&](std::size_t worker, Workers::Range rows) {
    next[worker].assign(sample.size() + 1, 0);
    for (const std::uint32_t bucket : below.subspan(rows.first, rows.count)) ++next[worker][bucket];
  });

  Buckets buckets{Indices(sample.size() + below.size()), {}};
  std::uint32_t end = 0;
  for (std::size_t b = 0; b <= sample.size(); ++b) {
    const std::size_t begin = end;
    for (Indices& place : next) {
      if (!place.empty()) end += std::exchange(place[b], end);
    }
    buckets.segments.push_back({begin, end});
    if (b < sample.size()) buckets.order[end++] = sample[b];
  }

  split([&](std::size_t worker, Workers::Range rows) {
    for (std::size_t i = rows.first; i < rows.first + rows.count; ++i) {
      buckets.order[next[worker][below[i]]++] = static_cast<std::uint32_t>(sample.size() + i);
    }
  });
  return buckets;
}

/// The sorted order of rows 0 .. n - 1.
Indices sorted_order_of_first(Protocol& mpc, const Rows& keys, int width, std::size_t n) {
  const std::size_t sample_rows = sample_size(n);
  if (sample_rows == 0) {
    Indices order(n);
    std::iota(order.begin(), order.end(), 0u);
    sort_segments(mpc, keys, width, order, {{0, n}});
    return order;
  }
  // The rows are in random order, so the first ones are a random sample.
  const Indices sample = sorted_order_of_first(mpc, keys, width, sample_rows);
  const Indices below = descend(mpc, keys, width, sample_rows, n, sample);
  Buckets buckets = fill_buckets(mpc.workers(), sample, below);
  sort_segments(mpc, keys, width, buckets.order, buckets.segments);
  return std::move(buckets.order);
}

}  // namespace

Indices open_sorted_order(Protocol& mpc, const Rows& keys, int width) {
  return sorted_order_of_first(mpc, keys, width, keys.size());
}

/// A sample's search and the quicksort behind it are together about a binary search's levels.
double open_sorted_order_cost(const Protocol& mpc, std::size_t n, int width, double rows_per_call) {
  const StepLimits step = step_limits(mpc, n, width);
  const double calls = rows_per_call * log2_ceil(static_cast<std::size_t>(width));
  double cost = 0;
  for (std::size_t rows = n; rows > 1; rows = sample_size(rows)) {
    const int k = levels_at_once(step, rows);
    cost += log2_ceil(rows) * (step.cost + calls + comparisons(rows, k)) / k;
  }
  return cost;
}

}  // namespace polder
