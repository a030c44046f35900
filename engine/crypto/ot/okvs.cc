#include "crypto/ot/okvs.h"

#include <algorithm>
#include <vector>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/ot/bit_equations.h"
#include "crypto/ot/largest_part.h"
#include "crypto/random.h"

namespace polder {
namespace {

// Steps grow with the group's size, and the part of its columns that is slack shrinks: so many
// entries take about half a millisecond and 1.6 columns each.
constexpr std::uint64_t usual_group = 512;

}  // namespace

struct Okvs::Row {
  std::uint64_t group;
  std::array<std::uint64_t, Aes128::group_words> bits;
};

Okvs::Sizes Okvs::sizes(std::uint64_t entries, int bits) {
  const std::uint64_t groups = std::max<std::uint64_t>(1, ceil_div(entries, usual_group));
  const auto slack = static_cast<std::uint64_t>(bits + 1 + log2_ceil(groups));
  return {groups, largest_part(entries, groups, bits + 1) + slack};
}

Okvs::Okvs(Sizes sizes, const std::array<std::uint8_t, 16>& salt, std::size_t value_words)
    : sizes_(sizes), rows_(salt), value_words_(value_words) {
  require(words_for_bits(sizes.columns) < Aes128::group_words, "OKVS: too many columns");
}

Okvs::Row Okvs::row(const Block& key) const {
  Row row;
  rows_.counters(key.high, key.low & ~std::uint64_t{31}, row.bits);
  const auto wide = static_cast<unsigned __int128>(row.bits.back()) * sizes_.groups;
  row.group = static_cast<std::uint64_t>(wide >> 64);
  return row;
}

Words Okvs::store(std::span<const Block> keys, std::span<const std::uint64_t> values) const {
  std::vector<BitEquations> groups(sizes_.groups, BitEquations(sizes_.columns, value_words_));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Row r = row(keys[i]);
    groups[r.group].add(r.bits.data(), values.subspan(i * value_words_, value_words_));
  }
  Words table(value_words_ * sizes_.words());
  random_words(table);
  for (std::size_t word = 0; word < value_words_; ++word) {
    for (std::size_t g = 0; g < groups.size(); ++g)
      groups[g].solve(part(std::span(table), word, g), word);
  }
  return table;
}

Words Okvs::load(std::span<const std::uint64_t> table, std::span<const Block> keys) const {
  Words values(keys.size() * value_words_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Row r = row(keys[i]);
    for (std::size_t word = 0; word < value_words_; ++word) {
      values[i * value_words_ + word] = combined(r.bits.data(), part(table, word, r.group));
    }
  }
  return values;
}

}  // namespace polder
