#include "protocol/share.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.h"

namespace polder {
namespace {

using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

/// Copies `count` bits into one word of a bit string; its other bits stay.
void copy_part(std::uint64_t* to, std::size_t to_first, const std::uint64_t* from,
               std::size_t from_first, std::size_t count) {
  if (count == 0) return;
  const std::uint64_t value = bits_at(from, from_first, count);
  std::uint64_t& word = to[to_first / 64];
  const std::uint64_t mask = low_bits(count) << to_first % 64;
  word = (word & ~mask) | (value << to_first % 64);
}

/// Copies `count` bits between bit strings; bits of `to` around them stay.
void copy_bits(std::uint64_t* to, std::size_t to_first, const std::uint64_t* from,
               std::size_t from_first, std::size_t count) {
  const std::size_t head = std::min(count, (64 - to_first % 64) % 64);
  copy_part(to, to_first, from, from_first, head);
  to_first += head, from_first += head, count -= head;

  const std::size_t words = count / 64, shift = from_first % 64;
  const std::uint64_t* source = from + from_first / 64;
  std::uint64_t* target = to + to_first / 64;
  if (shift == 0) {
    std::copy_n(source, words, target);
  } else {
    for (std::size_t k = 0; k < words; ++k)
      target[k] = source[k] >> shift | source[k + 1] << (64 - shift);
  }
  copy_part(to, to_first + 64 * words, from, from_first + 64 * words, count % 64);
}

/// Copies rows of every plane between columns of one width.
void copy_rows(Span to, const BitShape& to_shape, std::size_t to_row, ConstSpan from,
               const BitShape& from_shape, std::size_t from_row, std::size_t count) {
  constexpr std::size_t block_rows = BitShape::block_rows;
  while (count > 0) {
    const std::size_t to_block = to_row / block_rows, from_block = from_row / block_rows;
    const std::size_t step =
        std::min({count, block_rows - to_row % block_rows, block_rows - from_row % block_rows});
    for (int i = 0; i < to_shape.width; ++i) {
      copy_bits(&to[to_shape.plane_offset(to_block, i)], to_row % block_rows,
                &from[from_shape.plane_offset(from_block, i)], from_row % block_rows, step);
    }
    to_row += step, from_row += step, count -= step;
  }
}

void clear_tail(const BitShape& shape, Span words) {
  if (shape.n % 64 == 0) return;
  const std::size_t last = shape.blocks() - 1;
  for (int i = 0; i < shape.width; ++i) {
    words[shape.plane_offset(last, i) + shape.plane_words(last) - 1] &= low_bits(shape.n % 64);
  }
}

std::vector<Words> uninitialised(int components, std::size_t words) {
  std::vector<Words> all;
  for (int c = 0; c < components; ++c) all.emplace_back(words);
  return all;
}

template <typename Part>
std::vector<const Part*> pointers_to(std::span<const Part> parts) {
  std::vector<const Part*> pointers;
  for (const Part& part : parts) pointers.push_back(&part);
  return pointers;
}

/// Applies `work` to each component of the answer and the columns it is made of.
template <typename Work, typename Answer, typename... Parts>
Answer each_component(Answer answer, Work&& work, const Parts&... parts) {
  for (int c = 0; c < answer.components(); ++c) work(answer.component(c), parts.component(c)...);
  return answer;
}

Arith like(const Arith& x, std::size_t n) { return Arith(x.components(), n); }

}  // namespace

PlainBits::PlainBits(BitShape shape, Words words) : shape_(shape), words_(std::move(words)) {
  require(words_.size() == shape_.words(), "PlainBits: words do not fit the shape");
  clear_tail(shape_, words_);
}

PlainBits PlainBits::of_rows(std::span<const std::uint64_t> rows, std::size_t n, int width) {
  const BitShape shape{n, width};
  const std::size_t stride = words_for_bits(static_cast<std::size_t>(width));
  require(rows.size() == n * stride, "PlainBits: rows do not fit the width");
  Words words(shape.words());
  rows_to_planes(shape, rows.data(), stride, {0, n}, words);
  return PlainBits(shape, std::move(words));
}

Words PlainBits::rows() const {
  const std::size_t stride = words_for_bits(static_cast<std::size_t>(shape_.width));
  Words rows(shape_.n * stride);
  planes_to_rows(shape_, words_, {0, shape_.n}, rows.data(), stride);
  return rows;
}

bool PlainBits::flag(std::size_t i) const {
  const std::size_t block = i / BitShape::block_rows, row = i % BitShape::block_rows;
  return words_[shape_.plane_offset(block, 0) + row / 64] >> row % 64 & 1;
}

Arith::Arith(int components, std::size_t n) : n_(n), components_(uninitialised(components, n)) {}

Bits::Bits(int components, std::size_t n, int width)
    : shape_{n, width}, components_(uninitialised(components, shape_.words())) {}

Bits::Bits(BitShape shape, std::vector<Words> components)
    : shape_(shape), components_(std::move(components)) {
  for (const Words& words : components_)
    require(words.size() == shape_.words(), "Bits: words do not fit the shape");
}

Rows::Rows(std::size_t n, int width, std::vector<Words> components)
    : n_(n), width_(width), components_(std::move(components)) {
  for (const Words& words : components_)
    require(words.size() == n_ * row_words(), "Rows: words do not fit the shape");
}

Rows::Rows(int components, std::size_t n, int width)
    : n_(n),
      width_(width),
      components_(uninitialised(components, n * words_for_bits(static_cast<std::size_t>(width)))) {}

std::size_t size(const Column& column) {
  return std::visit([](const auto& x) { return x.size(); }, column);
}

Arith operator+(const Arith& x, const Arith& y) {
  require(x.size() == y.size(), "sum of columns of different length");
  return each_component(
      like(x, x.size()),
      [](Span sum, ConstSpan a, ConstSpan b) {
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = a[i] + b[i];
      },
      x, y);
}

Arith operator-(const Arith& x, const Arith& y) {
  require(x.size() == y.size(), "difference of columns of different length");
  return each_component(
      like(x, x.size()),
      [](Span difference, ConstSpan a, ConstSpan b) {
        for (std::size_t i = 0; i < difference.size(); ++i) difference[i] = a[i] - b[i];
      },
      x, y);
}

Arith operator-(const Arith& x) { return x * ~std::uint64_t{0}; }

Arith operator*(const Arith& x, std::uint64_t factor) {
  return each_component(
      like(x, x.size()),
      [factor](Span product, ConstSpan a) {
        for (std::size_t i = 0; i < product.size(); ++i) product[i] = a[i] * factor;
      },
      x);
}

Arith operator*(const Arith& x, std::span<const std::uint64_t> factors) {
  require(x.size() == factors.size(), "a public factor a row is missing");
  return each_component(
      like(x, x.size()),
      [factors](Span product, ConstSpan a) {
        for (std::size_t i = 0; i < product.size(); ++i) product[i] = a[i] * factors[i];
      },
      x);
}

Arith prefix_sum(const Arith& x) {
  return each_component(
      like(x, x.size()),
      [](Span sums, ConstSpan a) {
        std::uint64_t running = 0;
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = running += a[i];
      },
      x);
}

Arith total(const Arith& x) {
  return each_component(
      like(x, 1),
      [](Span sum, ConstSpan a) {
        sum[0] = 0;
        for (const std::uint64_t value : a) sum[0] += value;
      },
      x);
}

Bits operator^(const Bits& x, const Bits& y) {
  require(x.shape() == y.shape(), "exclusive or of columns of different shape");
  return each_component(
      Bits(x.components(), x.size(), x.width()),
      [](Span to, ConstSpan a, ConstSpan b) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = a[i] ^ b[i];
      },
      x, y);
}

Bits total(Bits x) {
  const Bits rows = clear_tail(std::move(x));
  const BitShape& shape = rows.shape();
  return each_component(
      Bits(rows.components(), 1, rows.width()),
      [&](Span odd, ConstSpan a) {
        for (int i = 0; i < shape.width; ++i) {
          std::uint64_t all = 0;
          for (std::size_t block = 0; block < shape.blocks(); ++block) {
            for (const std::uint64_t word :
                 a.subspan(shape.plane_offset(block, i), shape.plane_words(block))) {
              all ^= word;
            }
          }
          odd[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>(std::popcount(all)) & 1;
        }
      },
      rows);
}

Bits operator&(const Bits& x, const PlainBits& mask) {
  require(x.size() == mask.size() && (mask.width() == 1 || mask.width() == x.width()),
          "mask does not fit the column");
  Bits masked(x.components(), x.size(), x.width());
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      for (int i = 0; i < x.width(); ++i) {
        const std::uint64_t* keep =
            &mask.words()[mask.shape().plane_offset(b, mask.width() == 1 ? 0 : i)];
        const ConstSpan from = x.plane(c, b, i);
        const Span to = masked.plane(c, b, i);
        for (std::size_t k = 0; k < to.size(); ++k) to[k] = from[k] & keep[k];
      }
    }
  }
  return masked;
}

Bits bits(const Bits& x, int first, int count) {
  require(first >= 0 && count >= 0 && first + count <= x.width(),
          "bits outside the column's width");
  if (count == x.width()) return x;
  Bits part(x.components(), x.size(), count);
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      for (int i = 0; i < count; ++i)
        std::ranges::copy(x.plane(c, b, first + i), part.plane(c, b, i).begin());
    }
  }
  return part;
}

Bits bits(Bits&& x, int first, int count) {
  if (first == 0 && count == x.width()) return std::move(x);
  return bits(std::as_const(x), first, count);
}

Bits join_bits(std::span<const Bits* const> columns) {
  const BitShape shape = joined_shape(columns);
  Bits joined(columns[0]->components(), shape.n, shape.width);
  for (int c = 0; c < joined.components(); ++c) {
    for (std::size_t b = 0; b < shape.blocks(); ++b) join_block(columns, c, b, joined.block(c, b));
  }
  return joined;
}

BitShape joined_shape(std::span<const Bits* const> columns) {
  require(!columns.empty(), "nothing to join");
  BitShape shape{columns[0]->size(), 0};
  for (const Bits* column : columns) {
    require(column->size() == shape.n, "joined columns differ in length");
    shape.width += column->width();
  }
  return shape;
}

void join_block(std::span<const Bits* const> columns, int c, std::size_t block, Span joined) {
  auto next = joined.begin();
  for (const Bits* column : columns) next = std::ranges::copy(column->block(c, block), next).out;
}

Bits join_bits(std::initializer_list<const Bits*> columns) {
  return join_bits(std::span(columns.begin(), columns.size()));
}

Bits repeat_bit(const Bits& x, int width) {
  require(x.width() == 1, "only a one-bit column can be repeated");
  Bits repeated(x.components(), x.size(), width);
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      for (int i = 0; i < width; ++i)
        std::ranges::copy(x.plane(c, b, 0), repeated.plane(c, b, i).begin());
    }
  }
  return repeated;
}

Arith slice(const Arith& x, std::size_t first, std::size_t count) {
  require(first + count <= x.size(), "slice outside the column");
  return each_component(
      like(x, count),
      [=](Span to, ConstSpan from) { std::ranges::copy(from.subspan(first, count), to.begin()); },
      x);
}

Bits slice(const Bits& x, std::size_t first, std::size_t count) {
  require(first + count <= x.size(), "slice outside the column");
  Bits part(x.components(), count, x.width());
  for (int c = 0; c < x.components(); ++c) {
    copy_rows(part.component(c), part.shape(), 0, x.component(c), x.shape(), first, count);
    clear_tail(part.shape(), part.component(c));  // of what the memory held before
  }
  return part;
}

Rows slice(const Rows& x, std::size_t first, std::size_t count) {
  require(first + count <= x.size(), "slice outside the column");
  Rows part(x.components(), count, x.width());
  for (int c = 0; c < x.components(); ++c) {
    std::ranges::copy(x.component(c).subspan(first * x.row_words(), count * x.row_words()),
                      part.component(c).begin());
  }
  return part;
}

Arith concat(std::span<const Arith* const> parts) {
  require(!parts.empty(), "nothing to put one after the other");
  std::size_t n = 0;
  for (const Arith* part : parts) n += part->size();
  Arith whole(parts[0]->components(), n);
  for (int c = 0; c < whole.components(); ++c) {
    auto to = whole.component(c).begin();
    for (const Arith* part : parts) to = std::ranges::copy(part->component(c), to).out;
  }
  return whole;
}

Bits concat(std::span<const Bits* const> parts) {
  require(!parts.empty(), "nothing to put one after the other");
  std::size_t n = 0;
  for (const Bits* part : parts) {
    require(part->width() == parts[0]->width(), "columns of different width");
    n += part->size();
  }
  Bits whole(parts[0]->components(), n, parts[0]->width());
  for (int c = 0; c < whole.components(); ++c) {
    std::size_t row = 0;
    for (const Bits* part : parts) {
      copy_rows(whole.component(c), whole.shape(), row, part->component(c), part->shape(), 0,
                part->size());
      row += part->size();
    }
    clear_tail(whole.shape(), whole.component(c));  // of what the memory held before
  }
  return whole;
}

Arith concat(std::span<const Arith> parts) { return concat(pointers_to(parts)); }
Bits concat(std::span<const Bits> parts) { return concat(pointers_to(parts)); }

Arith shift_rows(const Arith& x, std::ptrdiff_t by) {
  const std::size_t distance = std::min(static_cast<std::size_t>(by < 0 ? -by : by), x.size());
  return each_component(
      like(x, x.size()),
      [=](Span to, ConstSpan from) {
        std::ranges::fill(to, 0);
        if (by >= 0) {
          std::copy_n(from.begin(), from.size() - distance,
                      to.begin() + static_cast<std::ptrdiff_t>(distance));
        } else {
          std::ranges::copy(from.subspan(distance), to.begin());
        }
      },
      x);
}

Bits shift_rows(const Bits& x, std::ptrdiff_t by) {
  const std::size_t distance = std::min(static_cast<std::size_t>(by < 0 ? -by : by), x.size());
  Bits shifted(x.components(), x.size(), x.width());
  for (int c = 0; c < x.components(); ++c) {
    std::ranges::fill(shifted.component(c), 0);
    copy_rows(shifted.component(c), shifted.shape(), by > 0 ? distance : 0, x.component(c),
              x.shape(), by > 0 ? 0 : distance, x.size() - distance);
  }
  return shifted;
}

Bits clear_tail(Bits x) {
  for (int c = 0; c < x.components(); ++c) clear_tail(x.shape(), x.component(c));
  return x;
}

}  // namespace polder
