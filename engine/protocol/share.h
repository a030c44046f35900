// A secret column as one party holds it: k components of words (cleartext 1, rep3 2). All that is
// linear acts component by component, needs no network, and is written here once. Nothing here can
// be read as a value: a secret has no bool, no <<, no comparison and no index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <variant>
#include <vector>

#include "base/bits.h"
#include "base/memory.h"
#include "base/workers.h"

namespace polder {

/// How n rows of `width` bits lie in words: blocks of 32,768 rows; in a block one plane a bit,
/// lowest bit first; row r of the block is bit r % 64 of word r / 64 of each plane. A block of a
/// comparison's planes stays in the L2 cache.
struct BitShape {
  static constexpr std::size_t block_rows = 32768;

  std::size_t n = 0;
  int width = 0;

  std::size_t blocks() const { return ceil_div(n, block_rows); }
  std::size_t rows_in(std::size_t block) const {
    return block + 1 < blocks() ? block_rows : n - block * block_rows;
  }
  std::size_t plane_words(std::size_t block) const { return words_for_bits(rows_in(block)); }
  std::size_t block_offset(std::size_t block) const {
    return block * (block_rows / 64) * static_cast<std::size_t>(width);
  }
  std::size_t plane_offset(std::size_t block, int bit) const {
    return block_offset(block) + static_cast<std::size_t>(bit) * plane_words(block);
  }
  std::size_t block_words(std::size_t block) const {
    return plane_words(block) * static_cast<std::size_t>(width);
  }
  std::size_t words() const { return words_for_bits(n) * static_cast<std::size_t>(width); }
  friend bool operator==(const BitShape&, const BitShape&) = default;
};

/// Public bits in the layout of Bits: what `constant` takes and `open` gives. Bits past row n are
/// zero.
class PlainBits {
 public:
  PlainBits() = default;
  PlainBits(std::size_t n, int width) : shape_{n, width}, words_(shape_.words(), 0) {}
  PlainBits(BitShape shape, Words words);
  /// From rows of ceil(width / 64) words each, lowest word first; bits above `width` are ignored.
  static PlainBits of_rows(std::span<const std::uint64_t> rows, std::size_t n, int width);

  const BitShape& shape() const { return shape_; }
  std::size_t size() const { return shape_.n; }
  int width() const { return shape_.width; }
  std::span<std::uint64_t> words() { return words_; }
  std::span<const std::uint64_t> words() const { return words_; }
  /// Row by row, ceil(width / 64) words each.
  Words rows() const;
  /// Lowest bit of row i.
  bool flag(std::size_t i) const;

 private:
  BitShape shape_;
  Words words_;
};

/// n secret numbers, shared by addition mod 2^64. A protocol that only counts has none of their
/// components.
class Arith {
 public:
  Arith() = default;
  /// Uninitialised.
  Arith(int components, std::size_t n);
  explicit Arith(std::vector<Words> components)
      : n_(components.empty() ? 0 : components[0].size()), components_(std::move(components)) {}

  std::size_t size() const { return n_; }
  int components() const { return static_cast<int>(components_.size()); }
  std::span<std::uint64_t> component(int c) { return components_[static_cast<std::size_t>(c)]; }
  std::span<const std::uint64_t> component(int c) const {
    return components_[static_cast<std::size_t>(c)];
  }
  /// Its memory, for another column; this one is gone.
  std::vector<Words> release() && { return std::move(components_); }

 private:
  std::size_t n_ = 0;
  std::vector<Words> components_;
};

/// n secret rows of `width` bits, shared by exclusive or, bit-sliced. Bits past row n are
/// arbitrary.
class Bits {
 public:
  Bits() = default;
  /// Uninitialised.
  Bits(int components, std::size_t n, int width);
  Bits(BitShape shape, std::vector<Words> components);

  const BitShape& shape() const { return shape_; }
  std::size_t size() const { return shape_.n; }
  int width() const { return shape_.width; }
  int components() const { return static_cast<int>(components_.size()); }
  std::span<std::uint64_t> component(int c) { return components_[static_cast<std::size_t>(c)]; }
  std::span<const std::uint64_t> component(int c) const {
    return components_[static_cast<std::size_t>(c)];
  }
  /// All planes of one block.
  std::span<std::uint64_t> block(int c, std::size_t b) {
    return component(c).subspan(shape_.block_offset(b), shape_.block_words(b));
  }
  std::span<const std::uint64_t> block(int c, std::size_t b) const {
    return component(c).subspan(shape_.block_offset(b), shape_.block_words(b));
  }
  /// One bit plane of one block.
  std::span<std::uint64_t> plane(int c, std::size_t block, int bit) {
    return component(c).subspan(shape_.plane_offset(block, bit), shape_.plane_words(block));
  }
  std::span<const std::uint64_t> plane(int c, std::size_t block, int bit) const {
    return component(c).subspan(shape_.plane_offset(block, bit), shape_.plane_words(block));
  }

 private:
  BitShape shape_;
  std::vector<Words> components_;
};

/// The same secret as Bits, row after row of whole words: what picking rows by public number wants.
class Rows {
 public:
  Rows() = default;
  /// Uninitialised.
  Rows(int components, std::size_t n, int width);
  Rows(std::size_t n, int width, std::vector<Words> components);

  std::size_t size() const { return n_; }
  int width() const { return width_; }
  std::size_t row_words() const { return words_for_bits(static_cast<std::size_t>(width_)); }
  int components() const { return static_cast<int>(components_.size()); }
  std::span<std::uint64_t> component(int c) { return components_[static_cast<std::size_t>(c)]; }
  std::span<const std::uint64_t> component(int c) const {
    return components_[static_cast<std::size_t>(c)];
  }
  /// Its memory, for another column; this one is gone.
  std::vector<Words> release() && { return std::move(components_); }

 private:
  std::size_t n_ = 0;
  int width_ = 0;
  std::vector<Words> components_;
};

using Column = std::variant<Arith, Bits, Rows>;
std::size_t size(const Column& column);

// Sums, row by row.  [n], [n] -> [n].
Arith operator+(const Arith& x, const Arith& y);
Arith operator-(const Arith& x, const Arith& y);
Arith operator-(const Arith& x);
/// By a public factor, or a public factor a row.
Arith operator*(const Arith& x, std::uint64_t factor);
Arith operator*(const Arith& x, std::span<const std::uint64_t> factors);
/// Row i becomes the sum of rows 0..i.
Arith prefix_sum(const Arith& x);
/// The sum of all rows.  [n] -> [1].
Arith total(const Arith& x);
/// Sums of products within public segments are matrix work: see Protocol::matmul.

/// Exclusive or, row by row; both of one width.
Bits operator^(const Bits& x, const Bits& y);
/// The exclusive or of all rows.  [n] of w -> [1] of w.
Bits total(Bits x);
/// And with public bits; `mask` has the width of x, or one bit that serves all.
Bits operator&(const Bits& x, const PlainBits& mask);
/// Bits first, first + 1 … of every row.  [n] of w -> [n] of `count`.
Bits bits(const Bits& x, int first, int count);
Bits bits(Bits&& x, int first, int count);  // no copy if these are all
inline Bits bit(const Bits& x, int i) { return bits(x, i, 1); }
/// Wider rows: the first column in the lowest bits.
Bits join_bits(std::initializer_list<const Bits*> columns);
Bits join_bits(std::span<const Bits* const> columns);
/// Their shape, and one block of one of their components.
BitShape joined_shape(std::span<const Bits* const> columns);
void join_block(std::span<const Bits* const> columns, int c, std::size_t block,
                std::span<std::uint64_t> joined);
/// One bit a row, repeated to `width` bits.
Bits repeat_bit(const Bits& x, int width);

// The same for every kind of column: rows by public number.
/// Rows first .. first + count.
Arith slice(const Arith& x, std::size_t first, std::size_t count);
Bits slice(const Bits& x, std::size_t first, std::size_t count);
Rows slice(const Rows& x, std::size_t first, std::size_t count);
/// One after the other.
Arith concat(std::span<const Arith* const> parts);
Bits concat(std::span<const Bits* const> parts);
inline Arith concat(std::initializer_list<const Arith*> parts) {
  return concat(std::span(parts.begin(), parts.size()));
}
inline Bits concat(std::initializer_list<const Bits*> parts) {
  return concat(std::span(parts.begin(), parts.size()));
}
Arith concat(std::span<const Arith> parts);
Bits concat(std::span<const Bits> parts);
/// Row i of the answer is row i - by of x (by may be negative); rows from outside are zero.
Arith shift_rows(const Arith& x, std::ptrdiff_t by);
Bits shift_rows(const Bits& x, std::ptrdiff_t by);
/// The bits past row n, else arbitrary, become zero: before anything of x is sent in the clear.
Bits clear_tail(Bits x);

// Rows moved by public numbers, and between their two forms, a part on each worker (gather.cc).
/// Row i of the answer is row from[i] of x.
Arith gather(Workers& workers, const Arith& x, std::span<const std::uint32_t> from);
Bits gather(Workers& workers, const Bits& x, std::span<const std::uint32_t> from);
Rows gather(Workers& workers, const Rows& x, std::span<const std::uint32_t> from);
Column gather(Workers& workers, const Column& x, std::span<const std::uint32_t> from);
/// Bits first, first + 1 … of those rows, without a copy of them as rows.
Bits gather_bits(Workers& workers, const Rows& x, std::span<const std::uint32_t> from, int first,
                 int count);
/// Row i of x becomes row to[i] of the answer; `to` is a permutation.
Column scatter(Workers& workers, const Column& x, std::span<const std::uint32_t> to);
/// to[from[i]] = i.
Indices inverse(Workers& workers, std::span<const std::uint32_t> permutation);

/// Of one column, or of several side by side as join_bits.
Rows to_rows(Workers& workers, std::span<const Bits* const> columns);
inline Rows to_rows(Workers& workers, std::initializer_list<const Bits*> columns) {
  return to_rows(workers, std::span(columns.begin(), columns.size()));
}
inline Rows to_rows(Workers& workers, const Bits& x) { return to_rows(workers, {&x}); }
Bits from_rows(Workers& workers, const Rows& x);
/// Of one component, the rows of `range`, which begins with a block; row i begins at
/// rows[i * stride].
void planes_to_rows(const BitShape& shape, std::span<const std::uint64_t> planes,
                    Workers::Range range, std::uint64_t* rows, std::size_t stride);
void rows_to_planes(const BitShape& shape, const std::uint64_t* rows, std::size_t stride,
                    Workers::Range range, std::span<std::uint64_t> planes);

}  // namespace polder
