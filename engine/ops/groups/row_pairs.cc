#include "ops/groups/row_pairs.h"

#include <utility>

#include "base/error.h"

namespace polder {
namespace {

using Span = std::span<std::uint64_t>;
using ConstSpan = std::span<const std::uint64_t>;

/// Bits 0, 2, 4 … of a word, in its low half.
constexpr std::uint64_t even_bits(std::uint64_t word) {
  word &= 0x5555'5555'5555'5555;
  word = (word | word >> 1) & 0x3333'3333'3333'3333;
  word = (word | word >> 2) & 0x0f0f'0f0f'0f0f'0f0f;
  word = (word | word >> 4) & 0x00ff'00ff'00ff'00ff;
  word = (word | word >> 8) & 0x0000'ffff'0000'ffff;
  return (word | word >> 16) & 0x0000'0000'ffff'ffff;
}

/// Takes it back: the low half's bits at places 0, 2, 4 …, zeros between them.
constexpr std::uint64_t at_even_bits(std::uint64_t half) {
  half &= 0x0000'0000'ffff'ffff;
  half = (half | half << 16) & 0x0000'ffff'0000'ffff;
  half = (half | half << 8) & 0x00ff'00ff'00ff'00ff;
  half = (half | half << 4) & 0x0f0f'0f0f'0f0f'0f0f;
  half = (half | half << 2) & 0x3333'3333'3333'3333;
  return (half | half << 1) & 0x5555'5555'5555'5555;
}

void part(ConstSpan rows, Span even, Span odd) {
  const std::size_t whole = rows.size() / 2;
  for (std::size_t k = 0; k < whole; ++k) {
    even[k] = even_bits(rows[2 * k]) | even_bits(rows[2 * k + 1]) << 32;
    odd[k] = even_bits(rows[2 * k] >> 1) | even_bits(rows[2 * k + 1] >> 1) << 32;
  }
  if (rows.size() % 2 == 0) return;
  even[whole] = even_bits(rows.back());
  odd[whole] = even_bits(rows.back() >> 1);
}

void mix(Span rows, ConstSpan even, ConstSpan odd) {
  const auto word = [&](std::size_t k, int shift) {
    return at_even_bits(even[k] >> shift) | at_even_bits(odd[k] >> shift) << 1;
  };
  const std::size_t whole = rows.size() / 2;
  for (std::size_t k = 0; k < whole; ++k) {
    rows[2 * k] = word(k, 0);
    rows[2 * k + 1] = word(k, 32);
  }
  if (rows.size() % 2 == 1) rows.back() = word(whole, 0);
}

/// `work(x's plane, the part of the pairs' plane that it makes half of)` for every plane of x: two
/// blocks make one.
template <typename Column, typename Work>
void each_plane(const Column& x, Work&& work) {
  for (int c = 0; c < x.components(); ++c) {
    for (std::size_t b = 0; b < x.shape().blocks(); ++b) {
      const std::size_t words = x.shape().plane_words(b);
      const std::size_t first = b % 2 * (BitShape::block_rows / 128);
      for (int i = 0; i < x.width(); ++i) {
        work(c, b, i, [=](auto plane) { return plane.subspan(first, ceil_div(words, 2)); });
      }
    }
  }
}

}  // namespace

RowPairs row_pairs(Bits x) {
  x = clear_tail(std::move(x));
  const std::size_t half = ceil_div(x.size(), 2);
  RowPairs pairs{Bits(x.components(), half, x.width()), Bits(x.components(), half, x.width())};
  each_plane(x, [&](int c, std::size_t b, int i, auto&& half_of) {
    part(std::as_const(x).plane(c, b, i), half_of(pairs.even.plane(c, b / 2, i)),
         half_of(pairs.odd.plane(c, b / 2, i)));
  });
  return pairs;
}

Bits from_pairs(const RowPairs& pairs, std::size_t n) {
  require(pairs.even.shape() == pairs.odd.shape() && pairs.even.size() == ceil_div(n, 2),
          "pairs do not make so many rows");
  Bits x(pairs.even.components(), n, pairs.even.width());
  each_plane(x, [&](int c, std::size_t b, int i, auto&& half_of) {
    mix(x.plane(c, b, i), half_of(pairs.even.plane(c, b / 2, i)),
        half_of(pairs.odd.plane(c, b / 2, i)));
  });
  return x;
}

}  // namespace polder
