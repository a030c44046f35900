#include "match/quorum/placement.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/hash.h"

namespace polder::quorum {
namespace {

constexpr std::uint32_t nobody = ~std::uint32_t{0};

std::array<std::uint8_t, 16> purpose(const std::array<std::uint8_t, 16>& salt,
                                     std::string_view name) {
  return Hasher<16>().add("polder quorum ").add(name).add(salt).finish();
}

/// A bipartite matching that grows by one identifier at a time.
class Separation {
 public:
  Separation(std::span<const Places> identifiers, std::uint64_t bins)
      : identifiers_(identifiers), owner_(bins, nobody), seen_(bins, nobody), from_(bins) {}

  /// Breadth first: a free bin is found over bins whose owners can move.
  void add(std::uint32_t identifier) {
    queue_.clear();
    reach(identifier, identifier);
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const std::uint32_t bin = queue_[i];
      if (owner_[bin] == nobody) return take(bin);
      reach(owner_[bin], identifier);
    }
    fail(Code::internal, "quorum: the identifiers find no bins of their own; run again");
  }

  std::vector<std::uint32_t> bins() const {
    std::vector<std::uint32_t> bins(identifiers_.size());
    for (std::uint32_t bin = 0; bin < owner_.size(); ++bin) {
      if (owner_[bin] != nobody) bins[owner_[bin]] = bin;
    }
    return bins;
  }

 private:
  void reach(std::uint32_t mover, std::uint32_t round) {
    for (const std::uint32_t bin : identifiers_[mover].bins) {
      if (seen_[bin] == round) continue;
      seen_[bin] = round;
      from_[bin] = mover;
      queue_.push_back(bin);
    }
  }

  /// Whoever reached a bin moves there, and leaves its own to whoever reached that.
  void take(std::uint32_t bin) {
    while (bin != nobody) {
      const std::uint32_t mover = from_[bin];
      const auto& own = identifiers_[mover].bins;
      const auto left =
          std::ranges::find_if(own, [&](std::uint32_t b) { return owner_[b] == mover; });
      owner_[bin] = mover;
      bin = left == own.end() ? nobody : *left;
    }
  }

  std::span<const Places> identifiers_;
  std::vector<std::uint32_t> owner_, seen_, from_, queue_;
};

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

std::vector<std::uint32_t> separate(std::span<const Places> identifiers, std::uint64_t bins) {
  Separation separation(identifiers, bins);
  for (std::uint32_t i = 0; i < identifiers.size(); ++i) separation.add(i);
  return separation.bins();
}

}  // namespace polder::quorum
