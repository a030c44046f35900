// Rows of shares in another order and in another form (share.h). Every worker has whole blocks of
// the answer's rows, so none writes into a word of another's. Random reads are fetched ahead.
#include <algorithm>

#include "base/error.h"
#include "base/transpose.h"
#include "protocol/share.h"

namespace polder {
namespace {

using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;
using RowNumbers = std::span<const std::uint32_t>;
using Range = Workers::Range;

constexpr std::size_t block_rows = BitShape::block_rows;

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
void gather_rows(Span to, ConstSpan from, std::size_t row_words, RowNumbers rows) {
  constexpr std::size_t ahead = 16;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + ahead < rows.size()) __builtin_prefetch(&from[rows[i + ahead] * row_words]);
    for (std::size_t k = 0; k < row_words; ++k)
      to[i * row_words + k] = from[rows[i] * row_words + k];
  }
}

std::size_t row_words(const Arith&) { return 1; }
std::size_t row_words(const Rows& x) { return x.row_words(); }

/// The rows of a column of whole words, into `picked`.
template <typename WholeWords>
WholeWords gather_all(Workers& workers, const WholeWords& x, RowNumbers from, WholeWords picked) {
  workers.split(from.size(), block_rows, [&](std::size_t, Range rows) {
    for (int c = 0; c < x.components(); ++c) {
      gather_rows(picked.component(c).subspan(rows.first * row_words(x)), x.component(c),
                  row_words(x), from.subspan(rows.first, rows.count));
    }
  });
  return picked;
}

/// Bits first, first + 1 … of rows, into as many of `picked`.
void gather_range(const Rows& x, RowNumbers from, int first, Range range, Bits& picked) {
  constexpr std::size_t stretch = 4096;  // of rows that stay in the cache for their next fields
  const BitShape& shape = picked.shape();
  Words fields(std::min(range.count, stretch));
  for (std::size_t done = 0; done < range.count; done += stretch) {
    const std::size_t row = range.first + done;
    const RowNumbers rows = from.subspan(row, std::min(stretch, range.count - done));
    const std::size_t block = row / block_rows, word = row % block_rows / 64;
    for (int c = 0; c < x.components(); ++c) {
      for (int i = 0; i < shape.width; i += 64) {
        const int width = std::min(64, shape.width - i);
        gather_fields(fields, x.component(c), x.row_words(), rows,
                      static_cast<std::size_t>(first + i), static_cast<std::size_t>(width));
        to_planes(fields.data(), 1, rows.size(), width, picked.plane(c, block, i).data() + word,
                  shape.plane_words(block));
      }
    }
  }
}

}  // namespace

Arith gather(Workers& workers, const Arith& x, RowNumbers from) {
  return gather_all(workers, x, from, Arith(x.components(), from.size()));
}

Bits gather(Workers& workers, const Bits& x, RowNumbers from) {
  return from_rows(workers, gather(workers, to_rows(workers, x), from));
}

Rows gather(Workers& workers, const Rows& x, RowNumbers from) {
  return gather_all(workers, x, from, Rows(x.components(), from.size(), x.width()));
}

Column gather(Workers& workers, const Column& x, RowNumbers from) {
  return std::visit([&](const auto& column) -> Column { return gather(workers, column, from); }, x);
}

Bits gather_bits(Workers& workers, const Rows& x, RowNumbers from, int first, int count) {
  require(first >= 0 && count >= 0 && first + count <= x.width(), "bits outside the rows' width");
  Bits picked(x.components(), from.size(), count);
  workers.split(from.size(), block_rows,
                [&](std::size_t, Range range) { gather_range(x, from, first, range, picked); });
  return picked;
}

Column scatter(Workers& workers, const Column& x, RowNumbers to) {
  return gather(workers, x, inverse(workers, to));
}

Indices inverse(Workers& workers, RowNumbers permutation) {
  Indices result(permutation.size());
  workers.split(permutation.size(), block_rows,
                [permutation, to = result.data()](std::size_t, Range range) {
                  for (std::size_t i = range.first; i < range.first + range.count; ++i)
                    to[permutation[i]] = static_cast<std::uint32_t>(i);
                });
  return result;
}

Rows to_rows(Workers& workers, std::span<const Bits* const> columns) {
  const BitShape shape = joined_shape(columns);
  Rows rows(columns[0]->components(), shape.n, shape.width);
  workers.split(shape.n, block_rows, [&](std::size_t, Range range) {
    for (std::size_t row = range.first; row < range.first + range.count; row += block_rows) {
      const std::size_t block = row / block_rows;
      const BitShape one{shape.rows_in(block), shape.width};
      Words planes(one.words());
      for (int c = 0; c < rows.components(); ++c) {
        join_block(columns, c, block, planes);
        planes_to_rows(one, planes, {0, one.n}, rows.component(c).data() + row * rows.row_words(),
                       rows.row_words());
      }
    }
  });
  return rows;
}

Bits from_rows(Workers& workers, const Rows& x) {
  Bits sliced(x.components(), x.size(), x.width());
  workers.split(x.size(), block_rows, [&](std::size_t, Range range) {
    for (int c = 0; c < x.components(); ++c)
      rows_to_planes(sliced.shape(), x.component(c).data(), x.row_words(), range,
                     sliced.component(c));
  });
  return sliced;
}

void planes_to_rows(const BitShape& shape, ConstSpan planes, Range range, std::uint64_t* rows,
                    std::size_t stride) {
  for (std::size_t row = range.first; row < range.first + range.count; row += block_rows) {
    const std::size_t block = row / block_rows;
    for (int bit = 0; bit < shape.width; bit += 64) {
      from_planes(planes.data() + shape.plane_offset(block, bit), shape.plane_words(block),
                  shape.rows_in(block), std::min(64, shape.width - bit),
                  rows + row * stride + bit / 64, stride);
    }
  }
}

void rows_to_planes(const BitShape& shape, const std::uint64_t* rows, std::size_t stride,
                    Range range, Span planes) {
  for (std::size_t row = range.first; row < range.first + range.count; row += block_rows) {
    const std::size_t block = row / block_rows;
    for (int bit = 0; bit < shape.width; bit += 64) {
      to_planes(rows + row * stride + bit / 64, stride, shape.rows_in(block),
                std::min(64, shape.width - bit), planes.data() + shape.plane_offset(block, bit),
                shape.plane_words(block));
    }
  }
}

}  // namespace polder
