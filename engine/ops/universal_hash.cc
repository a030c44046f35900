#include "ops/universal_hash.h"

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

BitMatrix drawn(int rows, int columns, Stream& coins) {
  const auto n = static_cast<std::size_t>(rows), m = static_cast<std::size_t>(columns);
  Words entries(BitMatrix::entry_words(n, m));
  coins.fill(entries);
  return {n, m, entries};
}

}  // namespace

UniversalHash::UniversalHash(int width, int hashed_width, Stream& coins)
    : width_(width),
      hashed_width_(std::min(width, hashed_width)),
      matrix_(drawn(hashed_width_, width_ - hashed_width_, coins)) {}

Bits UniversalHash::operator()(Workers& workers, const Bits& x) const {
  require(x.width() == width_, "universal hash: bits of another width");
  Bits hashed = bits(x, 0, hashed_width_);
  if (hashed_width_ == width_) return hashed;
  workers.split(x.shape().blocks(), 1, [&](std::size_t, Workers::Range blocks) {
    for (std::size_t block = blocks.first; block < blocks.first + blocks.count; ++block) {
      const std::size_t words = x.shape().plane_words(block);
      for (int c = 0; c < x.components(); ++c) {
        matrix_.add_product({x.plane(c, block, hashed_width_).data(), words}, words,
                            {hashed.plane(c, block, 0).data(), words});
      }
    }
  });
  return hashed;
}

}  // namespace polder
