#include "match/quorum/parameters.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/ot/largest_part.h"

namespace polder::quorum {
namespace {

// The run's errors: each kind below 2^-43, so all together below 2^-40.
constexpr int error_bits = 43;
// Of a table: two words of the pseudorandom function's code are too close with probability
// 2^-102, and targets stay below 80 bits.
constexpr std::uint64_t max_rows = std::uint64_t{1} << 30;

/// Without flags the shorter product; with flags both conditions must be 'not zero', so that their
/// product is their conjunction.
Roots roots_of(int parties, const PeerMatch& match) {
  const std::uint64_t below = match.threshold - 1;
  const std::uint64_t others = static_cast<std::uint64_t>(parties) - 1;
  const std::uint64_t from = others - below + 1;
  if (!match.flags && from < below) return {below, from, Enough::zero};
  return {0, below, Enough::not_zero};
}

}  // namespace

std::uint64_t bins_for(std::uint64_t n) {
  if (n <= places) return places;
  return ceil_div(109 * n + 1400, 100 * places) * places;
}

Parameters::Parameters(int count, const PeerMatch& match, const SliceSizes& sizes) {
  check_agreement(count, match);
  parties = count;
  requester = match.requester;
  colluders = (count - 1) / 2;
  threshold = match.threshold;
  flags = match.flags;

  const std::uint64_t largest = *std::ranges::max_element(match.bounds);
  if (largest > max_rows) {
    fail(Code::bad_input, "a bound of {} rows is too large: this protocol takes at most {}",
         largest, max_rows);
  }
  slices = std::max<std::uint64_t>(1, ceil_div(largest, sizes.rows));
  const auto others = static_cast<std::uint64_t>(count) - 1;
  for (const std::uint64_t bound : match.bounds) {
    bounds.push_back(slices == 1 ? bound : slice_bound(bound, others, sizes.least));
  }
  bins = bins_for(bound_of(requester));
  target_bits = error_bits + log2_ceil(bins * others * slices);
  for (const std::uint64_t bound : bounds) {
    opprf_hint.push_back(Okvs::sizes(bound * places, error_bits + log2_ceil(others * slices)));
  }
  openings = bins * slices > sizes.bins_for_one_opening ? 2 : 1;
  roots = roots_of(count, match);
}

/// No table has more rows in any slice, but with the error of its kind.
std::uint64_t Parameters::slice_bound(std::uint64_t bound, std::uint64_t others,
                                      std::uint64_t least) const {
  return std::max(least, largest_part(bound, slices, error_bits + log2_ceil(others + 1)));
}

}  // namespace polder::quorum
