#include "match/paillier/sizes.h"

#include <algorithm>
#include <bit>

#include "base/bits.h"
#include "base/error.h"

namespace polder {
namespace {

constexpr int statistical_bits = 40;
constexpr std::size_t published_hashes = 7;

std::vector<int> holders_of(int requester, int parties) {
  const int colluders = std::max(1, (parties - 1) / 2);
  std::vector<int> holders;
  for (int i = 0; i <= colluders; ++i) holders.push_back((requester + i) % parties);
  return holders;
}

Slots slots(std::size_t rows, int width_bits, int key_bits) {
  // The plaintext stays below 2^(key_bits - 1), hence below N.
  return {rows, width_bits, static_cast<std::size_t>((key_bits - 1) / width_bits)};
}

int width_of(std::uint64_t number) { return static_cast<int>(std::bit_width(number)); }

}  // namespace

std::size_t Slots::ciphertexts() const { return ceil_div(rows, per_ciphertext); }
std::size_t Slots::used() const { return rows == 0 ? 0 : ceil_div(rows, ciphertexts()); }

PaillierSizes::PaillierSizes(const PeerMatch& match, int parties, int bits_of_key, BloomError error)
    : requester(match.requester),
      holders(holders_of(match.requester, parties)),
      bounds(match.bounds.begin(), match.bounds.end()),
      threshold(match.threshold),
      flags(match.flags),
      key_bits(bits_of_key) {
  rows = bounds[static_cast<std::size_t>(requester)];
  const std::size_t per_row = (bounds.size() - 1) * static_cast<std::size_t>(digits());
  // Each row is looked up `per_row` times, masked once more as often, and three times at the end.
  hashes = error == BloomError::published
               ? published_hashes
               : static_cast<std::size_t>(statistical_bits + log2_ceil(rows * per_row));
  mask_bits = statistical_bits + log2_ceil(rows * (2 * per_row + 3));
  sum_bits = width_of(hashes + 1);
}

// With m - 1 >= k (n + 1/2) / ln 2 the bound (1 - e^(-k (n + 1/2) / (m - 1)))^k is at most 2^-k,
// and 14427/10000 > 1 / ln 2.  Source: Goel, Gupta, "Small subset queries and Bloom filters using
// ternary associative memories, with applications", SIGMETRICS 2010.
std::size_t PaillierSizes::cells(std::size_t party) const {
  return 1 + ceil_div(hashes * (2 * bounds[party] + 1) * 14427, 20000);
}

std::uint64_t PaillierSizes::requester_bytes() const {
  std::size_t filter = 0, tables = 0;
  for (std::size_t party = 0; party < bounds.size(); ++party) {
    if (!takes_part(party)) continue;
    filter = std::max(filter, cells(party));
    tables += rows * static_cast<std::size_t>(digits()) * differing_range();
  }
  const std::uint64_t joint =
      rows * (holders_range() + (flags ? flaggers_range() + conditions_range : 0));
  const auto ciphertext_bytes = static_cast<std::uint64_t>(key_bits) * 3 / 8;
  return ciphertext_bytes * (std::max(filter, tables) + joint);
}

Slots PaillierSizes::sums() const {
  return slots(rows, digits() * sum_bits + mask_bits + 1, key_bits);
}

Slots PaillierSizes::differing() const {
  return slots(rows, width_of(differing_range()) + mask_bits + 1, key_bits);
}

Slots PaillierSizes::chained(std::uint64_t range) const {
  return slots(rows, width_of(range) + mask_bits + width_of(holders.size()), key_bits);
}

Slots PaillierSizes::bits() const { return slots(rows, 1, key_bits); }

}  // namespace polder
