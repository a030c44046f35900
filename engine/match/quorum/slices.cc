#include "match/quorum/slices.h"

#include <cstring>
#include <numeric>

#include "base/error.h"
#include "crypto/aes.h"

namespace polder::quorum {
namespace {

constexpr std::size_t rows_at_once = 4096;

/// Of each identifier the number of its slice.
std::vector<std::uint32_t> slices_of(std::span<const IdentifierHash> identifiers,
                                     std::uint64_t count, const Salt& salt) {
  const Aes128 hash(salt_for(salt, "slices"));
  std::vector<std::uint32_t> slices;
  for (std::size_t at = 0; at < identifiers.size(); at += rows_at_once) {
    Blocks blocks(std::min(rows_at_once, identifiers.size() - at));
    std::memcpy(blocks.data(), &identifiers[at], blocks.size() * sizeof(Block));
    hash.blocks(words_of(blocks));
    for (const Block& block : blocks) {
      const auto wide = static_cast<unsigned __int128>(block.low) * count;
      slices.push_back(static_cast<std::uint32_t>(wide >> 64));
    }
  }
  return slices;
}

}  // namespace

Slices::Slices(const PeerTable& table, std::uint64_t count, const Salt& salt)
    : table_(table), order_(table.identifiers.size()), starts_(count + 1, 0) {
  const std::vector<std::uint32_t> slices = slices_of(table.identifiers, count, salt);
  for (const std::uint32_t slice : slices) ++starts_[slice + 1];
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  std::vector<std::size_t> next = starts_;
  for (std::size_t row = 0; row < slices.size(); ++row) {
    order_[next[slices[row]]++] = static_cast<std::uint32_t>(row);
  }
}

std::span<const std::uint32_t> Slices::rows(std::uint64_t k) const {
  return std::span(order_).subspan(starts_[k], starts_[k + 1] - starts_[k]);
}

OwnTable Slices::table(std::uint64_t k, std::uint64_t bound) const {
  PeerTable slice;
  for (const std::uint32_t row : rows(k)) {
    slice.identifiers.push_back(table_.identifiers[row]);
    if (!table_.flagged.empty()) slice.flagged.push_back(table_.flagged[row]);
  }
  if (slice.identifiers.size() > bound) {
    fail(Code::internal, "quorum: a slice has more rows than fit; run again");
  }
  return {bound, slice};
}

}  // namespace polder::quorum
