#include "base/bit_matrix.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/bit_matrix.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Plain loops: the compiler vectorises them for each target that Highway compiles this file for.
HWY_BEFORE_NAMESPACE();
namespace polder::HWY_NAMESPACE {

/// Words of a plane that are worked on at once: the sums of all groups of so many stay in the L1
/// cache.
constexpr std::size_t line = 8;
constexpr std::size_t group = 4, group_choices = 16;

/// The first `count` words of a line, with zeros behind.
void load(const std::uint64_t* __restrict from, std::size_t count, std::uint64_t* __restrict to) {
  for (std::size_t k = 0; k < line; ++k) to[k] = k < count ? from[k] : 0;
}

/// Of every choice of the group's planes, choice c the sum of those whose bits are set in c.
void sum_choices(PlaneStack<const std::uint64_t> planes, std::size_t columns, std::size_t count,
                 std::uint64_t* sums) {
  std::fill_n(sums, line, 0);
  for (std::size_t i = 0; i < group; ++i) {
    std::uint64_t own[line];
    load(planes.words + i * planes.stride, i < columns ? count : 0, own);
    std::uint64_t* const with = sums + (std::size_t{1} << i) * line;
    for (std::size_t c = 0; c < std::size_t{1} << i; ++c) {
      for (std::size_t k = 0; k < line; ++k) with[c * line + k] = sums[c * line + k] ^ own[k];
    }
  }
}

/// Adds to each plane what its row of the matrix chooses.
void add_choices(const std::uint16_t* choices, std::size_t groups, std::size_t rows,
                 const std::uint64_t* __restrict sums, std::size_t count,
                 PlaneStack<std::uint64_t> to) {
  for (std::size_t row = 0; row < rows; ++row, choices += groups) {
    std::uint64_t* const plane = to.words + row * to.stride;
    std::uint64_t sum[line] = {};
    for (std::size_t g = 0; g < groups; ++g) {
      const std::uint64_t* const chosen = sums + choices[g] * line;
      for (std::size_t k = 0; k < line; ++k) sum[k] ^= chosen[k];
    }
    for (std::size_t k = 0; k < count; ++k) plane[k] ^= sum[k];
  }
}

void add_product(const std::uint16_t* choices, std::size_t rows, std::size_t columns,
                 PlaneStack<const std::uint64_t> from, std::size_t words,
                 PlaneStack<std::uint64_t> to) {
  if (rows == 0) return;  // `to` is nowhere
  const std::size_t groups = ceil_div(columns, group);
  Words sums(groups * group_choices * line);
  for (std::size_t at = 0; at < words; at += line) {
    const std::size_t count = std::min(line, words - at);
    for (std::size_t g = 0; g < groups; ++g) {
      sum_choices({from.words + g * group * from.stride + at, from.stride},
                  std::min(group, columns - g * group), count,
                  sums.data() + g * group_choices * line);
    }
    add_choices(choices, groups, rows, sums.data(), count, {to.words + at, to.stride});
  }
}

}  // namespace polder::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polder {
namespace {

HWY_EXPORT(add_product);

}  // namespace

std::size_t BitMatrix::entry_words(std::size_t rows, std::size_t columns) {
  return rows * words_for_bits(columns);
}

BitMatrix::BitMatrix(std::size_t rows, std::size_t columns, std::span<const std::uint64_t> entries)
    : rows_(rows), columns_(columns) {
  require(entries.size() == entry_words(rows, columns), "matrix: entries do not fit its size");
  require(columns <= 4096, "matrix: more than 4096 columns");
  for (std::size_t row = 0; row < rows; ++row) {
    const std::uint64_t* const own = entries.data() + row * words_for_bits(columns);
    for (std::size_t column = 0; column < columns; column += 4) {
      const std::uint64_t chosen = bits_at(own, column, std::min<std::size_t>(4, columns - column));
      choices_.push_back(static_cast<std::uint16_t>(4 * column + chosen));
    }
  }
}

void BitMatrix::add_product(PlaneStack<const std::uint64_t> from, std::size_t words,
                            PlaneStack<std::uint64_t> to) const {
  HWY_DYNAMIC_DISPATCH(add_product)(choices_.data(), rows_, columns_, from, words, to);
}

}  // namespace polder
#endif
