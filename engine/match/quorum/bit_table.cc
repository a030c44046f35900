#include "match/quorum/bit_table.h"

#include <array>

namespace polder::quorum {
namespace {

/// Indices, as bits of a word, whose bit b is set.
constexpr std::array<std::uint64_t, 6> indices_with_bit{0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc,
                                                        0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00,
                                                        0xffff0000ffff0000, 0xffffffff00000000};

std::size_t words_of_table(int width) { return width > 6 ? 2 : 1; }

/// A table's second word is masked by the second words of the keys.
std::uint64_t word_of(const Block& key, std::size_t word) { return word == 0 ? key.low : key.high; }

/// Of bit b of the indices in one word of a table: those where it is set.
std::uint64_t set_in(std::size_t b, std::size_t word) {
  if (b < indices_with_bit.size()) return indices_with_bit[b];
  return 0 - static_cast<std::uint64_t>(word);
}

}  // namespace

Words mask_tables(std::span<const std::uint64_t> tables, int width, const BothKeys& keys) {
  const auto step = static_cast<std::size_t>(width);
  const std::size_t words = words_of_table(width);
  Words masked(tables.begin(), tables.end());
  for (std::size_t at = 0; at < masked.size(); ++at) {
    const std::size_t i = at / words, word = at % words;
    for (std::size_t b = 0; b < step; ++b) {
      const std::uint64_t set = set_in(b, word);
      masked[at] ^= (word_of(keys.zero[i * step + b], word) & ~set) |
                    (word_of(keys.one[i * step + b], word) & set);
    }
  }
  return masked;
}

Words chosen_bits(std::span<const std::uint64_t> masked, int width,
                  std::span<const std::uint64_t> indices, std::span<const Block> keys) {
  const auto step = static_cast<std::size_t>(width);
  Words bits(indices.size(), 0);
  for (std::size_t at = 0; at < masked.size(); ++at) {
    const std::size_t i = at / words_of_table(width), word = at % words_of_table(width);
    std::uint64_t table = masked[at];
    for (std::size_t b = 0; b < step; ++b) table ^= word_of(keys[i * step + b], word);
    // The index is the receiver's own secret: both words are read, the wrong one counts for 0.
    const std::uint64_t here = 0 - static_cast<std::uint64_t>(indices[i] / 64 == word);
    bits[i] |= table >> indices[i] % 64 & 1 & here;
  }
  return bits;
}

}  // namespace polder::quorum
