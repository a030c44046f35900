#include "match/quorum/parameters.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/prime_field.h"

namespace polder::quorum {
namespace {

// The run's errors: each kind below 2^-43, so all together below 2^-40.
constexpr int error_bits = 43;
// A word of the pseudorandom function's code is too close to another with probability 2^-66.5.
constexpr std::uint64_t most_entries = std::uint64_t{1} << 23;

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

Parameters::Parameters(int count, const PeerMatch& match) {
  check_agreement(count, match);
  parties = count;
  asker = match.asker;
  colluders = (count - 1) / 2;
  threshold = match.threshold;
  flags = match.flags;

  const std::uint64_t own_bound = match.bounds[static_cast<std::size_t>(asker)];
  const auto others = static_cast<std::uint64_t>(count) - 1;
  bins = bins_for(own_bound);
  target_bits = error_bits + log2_ceil(bins * others);
  std::uint64_t entries = 0;
  for (const std::uint64_t bound : match.bounds) entries += places * std::min(bound, most_entries);
  if (target_bits >= 64 || entries > most_entries) {
    fail(Code::bad_input,
         "these bounds are too large for this protocol's errors: {} rows of the asker times {} "
         "other "
         "banks make {} comparisons of at most {}, all rows {} entries of at most {}",
         own_bound, others, bins * others, std::uint64_t{1} << (63 - error_bits), entries,
         most_entries);
  }
  for (const std::uint64_t bound : match.bounds) {
    hint.push_back(KeyValueStore::sizes(bound * places, error_bits + log2_ceil(others)));
  }
  roots = roots_of(count, match);
}

}  // namespace polder::quorum
