// Linear equations over bits with right sides of one or more words, solved as they come: what a
// OKVS is made of. Gauss: each equation is reduced by those before it and keeps a pivot,
// a bit that no later one has; the solution is read from the last equation back to the first.
// Example: x0 ^ x1 = a and x1 ^ x2 = b have the pivots 0 and 1; x2 is free and stays as it is, then
// x1 = b ^ x2 and x0 = a ^ x1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/memory.h"

namespace polder {

/// The exclusive or of the table's words at the row's set bits, in time that depends on the table's
/// size only.  row: words_for_bits(table.size()) words, table [n].
std::uint64_t combined(const std::uint64_t* row, std::span<const std::uint64_t> table);

class BitEquations {
 public:
  explicit BitEquations(std::size_t unknowns, std::size_t value_words = 1);

  /// The exclusive or of the unknowns at the row's set bits is `value` [value_words]. Bits beyond
  /// the last unknown are ignored. Each equation is reduced by all earlier ones, without a branch
  /// on its bits. Throws Error internal if the earlier equations imply or contradict it.
  void add(const std::uint64_t* row, std::span<const std::uint64_t> value);

  /// Makes `table` [unknowns] a solution for this word of all values: the unknowns that the
  /// equations leave free stay as they are. To be called once a word, after the last equation.
  void solve(std::span<std::uint64_t> table, std::size_t value_word = 0);

 private:
  void settle();
  std::size_t first_bit(const std::uint64_t* row) const;

  std::size_t unknowns_, row_words_, value_words_;
  std::size_t stride_;  // of a row and its value, in words
  Words waiting_;       // some equations, to be reduced together: a batch keeps the processor busy
  std::size_t waiting_count_ = 0;
  Words settled_;
  std::vector<std::size_t> pivots_;  // one of each settled equation: no later one has this bit
};

}  // namespace polder
