#include "match/index.h"

#include <algorithm>
#include <cmath>

#include "base/bits.h"
#include "base/error.h"
#include "match/cuckoo_placement.h"

namespace polder {
namespace {

constexpr double log2_error = -41;
constexpr double log_2 = 0.693147180559945309417;

/// ln of n!. std::lgamma writes the sign to a global that sessions would race for.
double log_factorial(double n) {
  int sign = 0;
  return lgamma_r(n + 1, &sign);
}

/// ln of n over k.
double log_choose(double n, double k) {
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

/// log2 of the union bound: some m of n identifiers have all their bins among m - 1.
double log2_no_placing(std::uint64_t n, std::uint64_t bins) {
  const auto all = static_cast<double>(n), b = static_cast<double>(bins);
  double sum = 0;
  for (double m = 4; m <= all; ++m) {
    sum += std::exp(log_choose(all, m) + log_choose(b, m - 1) +
                    m * (log_choose(m - 1, 3) - log_choose(b, 3)));
  }
  return std::log2(sum);
}

/// Beyond `exact` identifiers the bins a head only fall (checked in index_test.cc).
constexpr std::uint64_t exact = 4096;
constexpr double bins_per_head = 1.57;

/// P(X > capacity), X binomial of n trials at p.
double tail(std::uint64_t n, double p, std::uint64_t capacity) {
  double sum = 0;
  for (std::uint64_t k = capacity + 1; k <= n; ++k) {
    const auto hits = static_cast<double>(k), all = static_cast<double>(n);
    const double term =
        std::exp(log_choose(all, hits) + hits * std::log(p) + (all - hits) * std::log1p(-p));
    sum += term;
    if (term < sum * 1e-12) break;
  }
  return sum;
}

/// The j-th `part_bits` bits of an identifier, brought to 0 .. below - 1.
std::uint64_t scaled_part(std::span<const std::uint64_t, 2> identifier, int part_bits, int j,
                          std::uint64_t below) {
  const auto width = static_cast<std::size_t>(part_bits);
  const std::uint64_t part = bits_at(identifier.data(), static_cast<std::size_t>(j) * width, width);
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(part) * below >> part_bits);
}

}  // namespace

std::uint64_t bins_for(std::uint64_t n) {
  const auto whole_words = [](double bins) {
    return (static_cast<std::uint64_t>(std::ceil(bins)) + 63) / 64 * 64;
  };
  if (n >= exact) return whole_words(static_cast<double>(n) * bins_per_head);
  std::uint64_t bins = whole_words(static_cast<double>(std::max<std::uint64_t>(n, 1)));
  while (n >= 4 && log2_no_placing(n, bins) > log2_error) bins += 64;
  return bins;
}

std::uint64_t bin_capacity(std::uint64_t n, std::uint64_t bins, std::uint64_t owners) {
  require(bins > 3, "an index has more than three bins");
  const double p = 3 / static_cast<double>(bins);
  const double least = std::exp(log2_error * log_2) / static_cast<double>(bins * owners);
  std::uint64_t capacity = std::min(n, std::max<std::uint64_t>(1, 3 * n / bins));
  while (capacity < n && tail(n, p, capacity) > least) ++capacity;
  return capacity;
}

std::array<std::uint32_t, 3> bins_of(std::uint64_t low, std::uint64_t high, std::uint64_t bins,
                                     int part_bits) {
  const std::array<std::uint64_t, 2> identifier{low, high};
  const std::uint64_t first = scaled_part(identifier, part_bits, 0, bins);
  // Of the others, numbered without those before.
  std::uint64_t second = scaled_part(identifier, part_bits, 1, bins - 1);
  second += second >= first;
  const auto [least, most] = std::minmax(first, second);
  std::uint64_t third = scaled_part(identifier, part_bits, 2, bins - 2);
  third += third >= least;
  third += third >= most;
  return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(second),
          static_cast<std::uint32_t>(third)};
}

std::vector<std::uint32_t> place_once(std::span<const std::uint64_t> identifiers,
                                      std::uint64_t bins) {
  std::vector<std::uint32_t> candidates;
  for (std::size_t i = 0; i < identifiers.size(); i += 2) {
    const auto three = bins_of(identifiers[i], identifiers[i + 1], bins);
    candidates.insert(candidates.end(), three.begin(), three.end());
  }
  const auto bin_of_row = cuckoo_placement(candidates, 3, bins);
  if (!bin_of_row) {
    fail(Code::internal,
         "index: {} identifiers do not fit into {} bins, which happens once in 2^41 times; choose "
         "method sort",
         identifiers.size() / 2, bins);
  }
  std::vector<std::uint32_t> rows(bins, no_row);
  for (std::uint32_t row = 0; row < bin_of_row->size(); ++row) rows[(*bin_of_row)[row]] = row;
  return rows;
}

std::vector<std::uint32_t> place_in_all(std::span<const std::uint64_t> identifiers,
                                        std::uint64_t bins, std::uint64_t capacity) {
  std::vector<std::uint32_t> rows(bins * capacity, no_row), used(bins, 0);
  for (std::uint32_t row = 0; row < identifiers.size() / 2; ++row) {
    for (const std::uint32_t bin : bins_of(identifiers[2 * row], identifiers[2 * row + 1], bins)) {
      if (used[bin] == capacity) {
        fail(Code::internal,
             "index: more than {} identifiers in one of {} bins, which happens once in 2^41 times; "
             "choose method sort",
             capacity, bins);
      }
      rows[used[bin]++ * bins + bin] = row;
    }
  }
  return rows;
}

}  // namespace polder
