// A public matrix over GF(2), to be multiplied with bit planes: which planes are added up into
// which. By the method of four Russians: sums of all choices of four planes are looked up.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace polder {

/// Equally long planes, one every `stride` words.
template <typename Word>
struct PlaneStack {
  Word* words;
  std::size_t stride;
};

class BitMatrix {
 public:
  /// `entries`: row after row, ceil(columns / 64) words each, of which bits past the last column
  /// are ignored.
  BitMatrix(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> entries);
  static std::size_t entry_words(std::size_t rows, std::size_t columns);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }

  /// to += matrix * from, `words` words of each plane. Time and addresses depend on the matrix and
  /// the sizes alone.
  void add_product(PlaneStack<const std::uint64_t> from, std::size_t words,
                   PlaneStack<std::uint64_t> to) const;

 private:
  std::size_t rows_, columns_;
  std::vector<std::uint16_t> choices_;  // [rows, groups of four columns]: where the sum lies
};

}  // namespace polder
