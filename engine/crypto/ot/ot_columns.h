// The matrix from which oblivious transfers are extended: one party knows two seeds for each of its
// columns, the other one of the two. The first sends, for each column, the sum of both seeds'
// streams and of a code's column; then row j of the two differs exactly where row j's code word and
// the other's choices are both set.  Source: Ishai, Kilian, Nissim, Petrank, "Extending oblivious
// OTs efficiently", CRYPTO 2003 (code words all zeros or all ones); Kolesnikov, Kumaresan,
// Rosulek, Trieu, CCS 2016 (a pseudorandom code).
#pragma once

#include <cstddef>
#include <span>

#include "base/bits.h"
#include "base/memory.h"
#include "crypto/ot/base_ot.h"

namespace polder {

/// Columns of n bits, each from a word of its own; bits beyond the last row mean nothing.
struct BitColumns {
  BitColumns(std::size_t count, std::size_t n)
      : columns(count), rows(n), words(count * words_for_bits(n)) {}

  std::size_t stride_words() const { return words_for_bits(rows); }
  std::span<std::uint64_t> column(std::size_t i) {
    return {words.data() + i * stride_words(), stride_words()};
  }
  std::span<const std::uint64_t> column(std::size_t i) const {
    return {words.data() + i * stride_words(), stride_words()};
  }

  std::size_t columns, rows;
  Words words;
};

/// The same bits row by row, words_for_bits(columns) words each.
Words rows_of(const BitColumns& columns);
BitColumns columns_of(std::span<const std::uint64_t> rows, std::size_t columns, std::size_t n);

/// What the holder of both seeds keeps, and the columns it sends. `code`: columns as many as seeds.
struct MaskedColumns {
  BitColumns own, message;
};
MaskedColumns mask_columns(const KeyPairs& seeds, const BitColumns& code);

/// What the holder of one seed of each has: row j is the other's row j, plus (code word j and
/// choices).
BitColumns unmask_columns(const ChosenKeys& seeds, const BitColumns& message);

}  // namespace polder
