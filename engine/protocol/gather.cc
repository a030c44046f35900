// Rows of shares in another order (share.h): random reads, fetched ahead.
#include <algorithm>

#include "base/error.h"
#include "base/transpose.h"
#include "protocol/share.h"

namespace polder {
namespace {

using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

/// Bits first .. first + count (<= 64) of rows from `from`, one word each.
void gather_fields(Span to, ConstSpan from, std::size_t row_words,
                   std::span<const std::uint32_t> rows, std::size_t first, std::size_t count) {
  constexpr std::size_t ahead = 16;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size())
      __builtin_prefetch(&from[rows[i + ahead] * row_words + first / 64]);
    to[i] = bits_at(&from[rows[i] * row_words], first, count);
  }
}

/// Rows from `from`, fetched ahead: they come in random order from memory.
void gather_rows(Span to, ConstSpan from, std::size_t row_words,
                 std::span<const std::uint32_t> rows) {
  constexpr std::size_t ahead = 16;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(&from[rows[i + ahead] * row_words]);
    for (std::size_t k = 0; k < row_words; ++k)
      to[i * row_words + k] = from[rows[i] * row_words + k];
  }
}

}  // namespace

Arith gather(const Arith& x, std::span<const std::uint32_t> from) {
  Arith picked(x.components(), from.size());
  for (int c = 0; c < x.components(); ++c)
    gather_rows(picked.component(c), x.component(c), 1, from);
  return picked;
}

Bits gather(const Bits& x, std::span<const std::uint32_t> from) {
  return from_rows(gather(to_rows(x), from));
}

Rows gather(const Rows& x, std::span<const std::uint32_t> from) {
  Rows picked(x.components(), from.size(), x.width());
  for (int c = 0; c < x.components(); ++c)
    gather_rows(picked.component(c), x.component(c), x.row_words(), from);
  return picked;
}

Column gather(const Column& x, std::span<const std::uint32_t> from) {
  return std::visit([from](const auto& column) -> Column { return gather(column, from); }, x);
}

Bits gather_bits(const Rows& x, std::span<const std::uint32_t> from, int first, int count) {
  constexpr std::size_t stretch = 4096;  // of rows that stay in the cache for their next fields
  require(first >= 0 && count >= 0 && first + count <= x.width(), "bits outside the rows' width");
  Bits picked(x.components(), from.size(), count);
  const BitShape& shape = picked.shape();
  Words fields(std::min(from.size(), stretch));
  for (std::size_t row = 0; row < from.size(); row += stretch) {
    const auto rows = from.subspan(row, std::min(stretch, from.size() - row));
    const std::size_t block = row / BitShape::block_rows, word = row % BitShape::block_rows / 64;
    for (int c = 0; c < x.components(); ++c) {
      for (int i = 0; i < count; i += 64) {
        const int width = std::min(64, count - i);
        gather_fields(fields, x.component(c), x.row_words(), rows,
                      static_cast<std::size_t>(first + i), static_cast<std::size_t>(width));
        to_planes(fields.data(), 1, rows.size(), width, picked.plane(c, block, i).data() + word,
                  shape.plane_words(block));
      }
    }
  }
  return picked;
}

Column scatter(const Column& x, std::span<const std::uint32_t> to) {
  return gather(x, inverse(to));
}

Indices inverse(std::span<const std::uint32_t> permutation) {
  Indices result(permutation.size());
  for (std::size_t i = 0; i < permutation.size(); ++i)
    result[permutation[i]] = static_cast<std::uint32_t>(i);
  return result;
}

}  // namespace polder
