#include "match/cuckoo_placement.h"

#include <algorithm>

namespace polder {
namespace {

constexpr std::uint32_t nobody = ~std::uint32_t{0};

/// A bipartite matching that grows by one identifier at a time.
class Separation {
 public:
  Separation(std::span<const std::uint32_t> candidates, std::size_t choices, std::uint64_t bins)
      : candidates_(candidates),
        choices_(choices),
        owner_(bins, nobody),
        seen_(bins, nobody),
        from_(bins) {}

  /// Breadth first: a free bin is found over bins whose owners can move.
  bool add(std::uint32_t identifier) {
    queue_.clear();
    reach(identifier, identifier);
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const std::uint32_t bin = queue_[i];
      if (owner_[bin] == nobody) return take(bin), true;
      reach(owner_[bin], identifier);
    }
    return false;
  }

  std::vector<std::uint32_t> bins() const {
    std::vector<std::uint32_t> bins(candidates_.size() / choices_);
    for (std::uint32_t bin = 0; bin < owner_.size(); ++bin) {
      if (owner_[bin] != nobody) bins[owner_[bin]] = bin;
    }
    return bins;
  }

 private:
  std::span<const std::uint32_t> of(std::uint32_t identifier) const {
    return candidates_.subspan(identifier * choices_, choices_);
  }

  void reach(std::uint32_t mover, std::uint32_t round) {
    for (const std::uint32_t bin : of(mover)) {
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
      const auto own = of(mover);
      const auto left =
          std::ranges::find_if(own, [&](std::uint32_t b) { return owner_[b] == mover; });
      owner_[bin] = mover;
      bin = left == own.end() ? nobody : *left;
    }
  }

  std::span<const std::uint32_t> candidates_;
  const std::size_t choices_;
  std::vector<std::uint32_t> owner_, seen_, from_, queue_;
};

}  // namespace

std::optional<std::vector<std::uint32_t>> cuckoo_placement(
    std::span<const std::uint32_t> candidates, std::size_t choices, std::uint64_t bins) {
  Separation separation(candidates, choices, bins);
  for (std::uint32_t i = 0; i < candidates.size() / choices; ++i) {
    if (!separation.add(i)) return {};
  }
  return separation.bins();
}

}  // namespace polder
