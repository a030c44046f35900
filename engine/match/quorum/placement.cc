#include "match/quorum/placement.h"

#include "base/error.h"
#include "crypto/hash.h"
#include "match/cuckoo_placement.h"

namespace polder::quorum {
namespace {

std::array<std::uint8_t, 16> purpose(const std::array<std::uint8_t, 16>& salt,
                                     std::string_view name) {
  return Hasher<16>().add("polder quorum ").add(name).add(salt).finish();
}

}  // namespace

Placement::Placement(std::uint64_t bins, const std::array<std::uint8_t, 16>& salt)
    : sub_table_bins_(bins / places),
      names_(purpose(salt, "names")),
      bins_(purpose(salt, "bins")) {}

std::vector<Places> Placement::operator()(std::span<const Block> identifiers) const {
  Blocks names(identifiers.begin(), identifiers.end());
  names_.blocks(words_of(names));
  std::vector<Places> out(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::array<std::uint64_t, Aes128::group_words> draws;
    out[i].name = {names[i].low & ~std::uint64_t{255}, names[i].high};
    bins_.counters(out[i].name.high, out[i].name.low, draws);
    for (std::size_t s = 0; s < places; ++s) {
      const auto wide = static_cast<unsigned __int128>(draws[s]) * sub_table_bins_;
      const auto at = static_cast<std::uint64_t>(wide >> 64);
      out[i].bins[s] = static_cast<std::uint32_t>(s * sub_table_bins_ + at);
    }
  }
  return out;
}

std::vector<std::uint32_t> cuckoo_placement(std::span<const Places> identifiers,
                                            std::uint64_t bins) {
  std::vector<std::uint32_t> candidates;
  for (const Places& each : identifiers)
    candidates.insert(candidates.end(), each.bins.begin(), each.bins.end());
  const auto own = polder::cuckoo_placement(candidates, places, bins);
  if (!own) fail(Code::internal, "quorum: the identifiers find no bins of their own; run again");
  return *own;
}

}  // namespace polder::quorum
