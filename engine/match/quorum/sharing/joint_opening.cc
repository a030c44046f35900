#include "match/quorum/sharing/joint_opening.h"

namespace polder::quorum {

JointOpening::JointOpening(Parties& parties, const Parameters& parameters)
    : parameters_(parameters),
      product_(parameters.roots),
      sharing_(parties, {parameters.requester, parameters.colluders, random_numbers()}) {}

std::uint64_t JointOpening::random_numbers() const {
  const std::size_t flags = parameters_.flags ? 1 : 0;
  return parameters_.bins * (1 + flags + product_.products(flags) + parameters_.openings);
}

std::vector<Elements> JointOpening::open(const Counts& own) {
  const std::size_t n = parameters_.bins;
  Elements additive_shares = own.held;
  additive_shares.insert(additive_shares.end(), own.flagged.begin(), own.flagged.end());
  const Elements shared = sharing_.reduce(additive_shares);
  const auto cut = shared.begin() + static_cast<std::ptrdiff_t>(n);
  const Elements held(shared.begin(), cut), flagged(cut, shared.end());
  std::vector<Elements> others;
  if (parameters_.flags) others.push_back(flagged);
  const Elements decided = product_.times(sharing_, held, std::move(others));
  std::vector<Elements> opened;
  for (std::size_t i = 0; i < parameters_.openings; ++i) {
    // Zero or uniformly random, by the one bit that the requester is to learn: the factor that
    // makes it so enters here and nowhere before, so nobody had a chance to take it off.
    opened.push_back(sharing_.open_product({sharing_.random(n), decided}));
  }
  return opened;
}

}  // namespace polder::quorum
