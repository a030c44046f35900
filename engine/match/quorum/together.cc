#include "match/quorum/together.h"

namespace polder::quorum {

Together::Together(Parties& parties, const Parameters& parameters)
    : parameters_(parameters),
      product_(parameters.roots),
      sharing_(parties, {parameters.asker, parameters.colluders, random_numbers()}) {}

std::uint64_t Together::random_numbers() const {
  const std::size_t counts = parameters_.flags ? 2 : 1;
  return parameters_.bins * (counts + parameters_.openings * (1 + product_.products(counts)));
}

std::vector<Elements> Together::open(const Counts& own) {
  const std::size_t n = parameters_.bins;
  Elements summands = own.held;
  summands.insert(summands.end(), own.flagged.begin(), own.flagged.end());
  const Elements shared = sharing_.reduce(summands);
  const auto cut = shared.begin() + static_cast<std::ptrdiff_t>(n);
  const Elements held(shared.begin(), cut), flagged(cut, shared.end());
  std::vector<Elements> opened;
  for (std::size_t i = 0; i < parameters_.openings; ++i) {
    std::vector<Elements> others{sharing_.random(n)};
    if (parameters_.flags) others.push_back(flagged);
    // Zero or uniformly random, by the one bit that the asker is to learn.
    opened.push_back(product_.open(sharing_, held, std::move(others)));
  }
  return opened;
}

}  // namespace polder::quorum
