#include "crypto/key_value_store.h"

#include <algorithm>
#include <vector>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/bit_equations.h"
#include "crypto/random.h"

namespace polder {
namespace {

// Steps grow with the group's size, and the part of its columns that is slack shrinks: so many
// entries take about half a millisecond and 1.6 columns each.
constexpr std::uint64_t usual_group = 512;

std::uint64_t root_above(std::uint64_t x) {
  std::uint64_t root = 0;
  while (root * root < x) ++root;
  return root;
}

/// Entries that no group exceeds but with probability below 2^-bits: entries fall independently,
/// so by Bernstein's inequality P[load >= mean + a] <= exp(-a^2 / (2 mean + 2a/3)); with
/// b = bits + log2(groups) and L = b ln 2 that is small enough for a = 2L/3 + sqrt(2 L mean).
std::uint64_t capacity(std::uint64_t entries, std::uint64_t groups, int bits) {
  if (groups == 1) return entries;
  const std::uint64_t mean = ceil_div(entries, groups);
  const auto b = static_cast<std::uint64_t>(bits + log2_ceil(groups));
  const std::uint64_t doubled = ceil_div(b * 1387, 1000);  // 2 L
  return mean + ceil_div(doubled, 3) + root_above(doubled * mean);
}

}  // namespace

struct KeyValueStore::Row {
  std::uint64_t group;
  std::array<std::uint64_t, Aes128::group_words> bits;
};

KeyValueStore::Sizes KeyValueStore::sizes(std::uint64_t entries, int bits) {
  const std::uint64_t groups = std::max<std::uint64_t>(1, ceil_div(entries, usual_group));
  const auto slack = static_cast<std::uint64_t>(bits + 1 + log2_ceil(groups));
  return {groups, capacity(entries, groups, bits + 1) + slack};
}

KeyValueStore::KeyValueStore(Sizes sizes, const std::array<std::uint8_t, 16>& salt)
    : sizes_(sizes), rows_(salt) {
  require(words_for_bits(sizes.columns) < Aes128::group_words, "key-value store: too many columns");
}

KeyValueStore::Row KeyValueStore::row(const Block& key) const {
  Row row;
  rows_.counters(key.high, key.low & ~std::uint64_t{31}, row.bits);
  const auto wide = static_cast<unsigned __int128>(row.bits.back()) * sizes_.groups;
  row.group = static_cast<std::uint64_t>(wide >> 64);
  return row;
}

Words KeyValueStore::store(std::span<const Block> keys,
                           std::span<const std::uint64_t> values) const {
  std::vector<BitEquations> groups(sizes_.groups, BitEquations(sizes_.columns));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Row r = row(keys[i]);
    groups[r.group].add(r.bits.data(), values[i]);
  }
  Words table(sizes_.words());
  random_words(table);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    groups[g].solve(std::span(table).subspan(g * sizes_.columns, sizes_.columns));
  }
  return table;
}

Words KeyValueStore::load(std::span<const std::uint64_t> table, std::span<const Block> keys) const {
  Words values(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Row r = row(keys[i]);
    values[i] = combined(r.bits.data(), table.subspan(r.group * sizes_.columns, sizes_.columns));
  }
  return values;
}

}  // namespace polder
