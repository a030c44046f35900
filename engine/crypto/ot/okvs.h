// An oblivious key-value store (OKVS): a table from which every key decodes to something, the
// stored keys to their values, and which shows no key if the values are random.
//
// A key chooses a group of columns and a random row of bits in it; its value is the exclusive or of
// the table's words at these bits. So storing is solving linear equations; the columns that the
// equations leave free are drawn at random, hence the table of random values is uniformly random,
// whatever and how many the keys. Random rows are dense, which allows a proof where sparse ones
// have only measurements: n random rows of m >= n bits are linearly dependent with probability
// below 2^(n-m).  Source: Garimella, Pinkas, Rosulek, Trieu, Yanai, "Oblivious key-value stores and
// amplification for private set intersection", CRYPTO 2021, for the notion; the groups are ours.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/memory.h"
#include "crypto/block.h"

namespace polder {

class Okvs {
 public:
  struct Sizes {
    std::uint64_t groups, columns;  // of each group
    std::uint64_t words() const { return groups * columns; }
  };
  /// For up to `entries` entries: the chance that storing fails is below 2^-bits.
  static Sizes sizes(std::uint64_t entries, int bits);

  /// The salt is public and drawn after the keys were fixed. A value is so many words.
  Okvs(Sizes sizes, const std::array<std::uint8_t, 16>& salt, std::size_t value_words = 1);

  /// keys [n] distinct in their upper 123 bits, values [n value_words] -> table: the first word of
  /// all [sizes.words()], then the next. About n
  /// columns^2 / 128 steps, none of which depends on the values.  Throws Error internal if the rows
  /// are dependent, which happens as seldom as `sizes` was asked for.
  Words store(std::span<const Block> keys, std::span<const std::uint64_t> values) const;

  /// What each key decodes to.  keys [n] -> [n value_words]
  Words load(std::span<const std::uint64_t> table, std::span<const Block> keys) const;

 private:
  struct Row;
  Row row(const Block& key) const;

  /// A group's columns, for one word of the values.
  template <typename Word>
  std::span<Word> part(std::span<Word> table, std::size_t value_word, std::uint64_t group) const {
    return table.subspan(value_word * sizes_.words() + group * sizes_.columns, sizes_.columns);
  }

  Sizes sizes_;
  Aes128 rows_;
  std::size_t value_words_;
};

}  // namespace polder
