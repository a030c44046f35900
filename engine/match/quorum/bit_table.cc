#include "match/quorum/bit_table.h"

#include <array>

#include "match/quorum/transfer_keys.h"

namespace polder::quorum {
namespace {

/// Indices, as bits of a word, whose bit b is set.
constexpr std::array<std::uint64_t, 6> indices_with_bit{0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc,
                                                        0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00,
                                                        0xffff0000ffff0000, 0xffffffff00000000};

}  // namespace

Words mask_tables(std::span<const std::uint64_t> tables, int width, std::span<const Block> keys,
                  Block difference) {
  const BothKeys both = both_keys(keys, difference);
  const auto step = static_cast<std::size_t>(width);
  Words masked(tables.begin(), tables.end());
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t b = 0; b < step; ++b) {
      const std::uint64_t set = indices_with_bit[b];
      masked[i] ^= (both.zero[i * step + b].low & ~set) | (both.one[i * step + b].low & set);
    }
  }
  return masked;
}

Words chosen_bits(std::span<const std::uint64_t> masked, int width,
                  std::span<const std::uint64_t> indices, std::span<const Block> keys) {
  const Blocks chosen = chosen_keys(keys);
  const auto step = static_cast<std::size_t>(width);
  Words bits(masked.size());
  for (std::size_t i = 0; i < masked.size(); ++i) {
    std::uint64_t table = masked[i];
    for (std::size_t b = 0; b < step; ++b) table ^= chosen[i * step + b].low;
    bits[i] = table >> indices[i] & 1;
  }
  return bits;
}

}  // namespace polder::quorum
