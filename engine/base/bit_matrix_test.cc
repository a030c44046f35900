// Oracle: the product bit by bit.
#include "base/bit_matrix.h"

#include <gtest/gtest.h>

#include <random>

#include "base/bits.h"

namespace polder {
namespace {

bool bit_of(const std::vector<std::uint64_t>& words, std::size_t i) {
  return words[i / 64] >> i % 64 & 1;
}

void expect_product(std::size_t rows, std::size_t columns, std::size_t words, unsigned seed) {
  std::mt19937_64 draw(seed);
  const auto drawn = [&](std::size_t n) {
    std::vector<std::uint64_t> out(n);
    for (std::uint64_t& word : out) word = draw();
    return out;
  };
  const std::size_t stride = words + 3;  // what lies between planes is nobody's
  const auto entries = drawn(BitMatrix::entry_words(rows, columns));
  const auto from = drawn(columns * stride), before = drawn(rows * stride);
  std::vector<std::uint64_t> to = before;
  BitMatrix(rows, columns, entries).add_product({from.data(), stride}, words, {to.data(), stride});
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < stride; ++k) {
      std::uint64_t due = before[row * stride + k];
      for (std::size_t column = 0; k < words && column < columns; ++column) {
        if (bit_of(entries, row * words_for_bits(columns) * 64 + column))
          due ^= from[column * stride + k];
      }
      ASSERT_EQ(to[row * stride + k], due) << rows << " x " << columns << ", row " << row;
    }
  }
}

TEST(BitMatrix, MultipliesPlanesOfAnyNumberAndLength) {
  unsigned seed = 0;
  for (const std::size_t rows : {0, 1, 2, 40, 85, 128}) {
    for (const std::size_t columns : {0, 1, 3, 4, 5, 43, 64, 65, 88, 128}) {
      for (const std::size_t words : {0, 1, 7, 8, 9, 100}) {
        expect_product(rows, columns, words, ++seed);
      }
    }
  }
}

}  // namespace
}  // namespace polder
