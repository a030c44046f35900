#include "crypto/key_value_store.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/random.h"

namespace polder {
namespace {

// A group of so many entries costs some milliseconds, and its slack a quarter more bytes.
constexpr std::uint64_t usual_group = 1024;

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

/// Equations of one group, each reduced by those before it.
class Equations {
 public:
  explicit Equations(std::size_t columns)
      : columns_(columns), row_words_(words_for_bits(columns)), reduced_(row_words_) {}

  void add(const std::uint64_t* row, std::uint64_t value) {
    std::copy_n(row, row_words_, reduced_.begin());
    reduced_.back() &= low_bits(columns_ - (row_words_ - 1) * 64);
    for (std::size_t i = 0; i < pivots_.size(); ++i) {
      const std::uint64_t mask = 0 - bit(reduced_.data(), pivots_[i]);
      const std::uint64_t* other = rows_.data() + i * row_words_;
      for (std::size_t w = 0; w < row_words_; ++w) reduced_[w] ^= other[w] & mask;
      value ^= values_[i] & mask;
    }
    pivots_.push_back(first_bit());
    rows_.insert(rows_.end(), reduced_.begin(), reduced_.end());
    values_.push_back(value);
  }

  /// Free columns are random in `table` already. A later equation has no bit at an earlier pivot,
  /// so the last one is solved first.
  void solve(std::span<std::uint64_t> table) const;

 private:
  static std::uint64_t bit(const std::uint64_t* row, std::size_t i) {
    return row[i / 64] >> i % 64 & 1;
  }

  std::size_t first_bit() const {
    for (std::size_t w = 0; w < row_words_; ++w) {
      if (reduced_[w] != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(reduced_[w]));
    }
    fail(Code::internal, "key-value store: dependent rows; run again");
  }

  std::size_t columns_, row_words_;
  Words reduced_, rows_, values_;
  std::vector<std::size_t> pivots_;
};

/// The exclusive or of the words at the row's bits.
std::uint64_t combined(const std::uint64_t* row, std::span<const std::uint64_t> table) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < table.size(); ++i)
    sum ^= table[i] & (0 - (row[i / 64] >> i % 64 & 1));
  return sum;
}

void Equations::solve(std::span<std::uint64_t> table) const {
  for (std::size_t i = pivots_.size(); i-- > 0;) {
    std::uint64_t& word = table[pivots_[i]];
    word = 0;
    word = values_[i] ^ combined(rows_.data() + i * row_words_, table);
  }
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
  std::vector<Equations> groups(sizes_.groups, Equations(sizes_.columns));
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
