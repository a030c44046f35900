#include "crypto/ot/ot_columns.h"

#include <gtest/gtest.h>

#include <cstring>

#include "crypto/aes.h"
#include "crypto/ot/test_base_ot.h"
#include "crypto/random.h"

namespace polder {
namespace {

BitColumns random_columns(std::size_t columns, std::size_t rows) {
  BitColumns out(columns, rows);
  random_words(out.words);
  return out;
}

bool bit(const BitColumns& columns, std::size_t column, std::size_t row) {
  return (columns.column(column)[row / 64] >> row % 64 & 1) == 1;
}

TEST(OtColumns, RowsDifferWhereCodeAndChoiceAreSet) {
  for (const std::size_t columns : {1, 64, 128, 448}) {
    for (const std::size_t rows : {1, 2, 63, 64, 65, 5000}) {
      const testing::BaseOts e = testing::base_ots(columns);
      const BitColumns code = random_columns(columns, rows);
      const MaskedColumns masked = mask_columns(e.pairs, code);
      const BitColumns other = unmask_columns(e.chosen, masked.message);
      for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t r = 0; r < rows; ++r) {
          ASSERT_EQ(bit(masked.own, c, r) != bit(other, c, r),
                    bit(code, c, r) && e.chosen.mask(c) != 0);
        }
      }
    }
  }
}

/// A known answer: AES-128 in counter mode (FIPS 197, appendix C.1, is aes_test's oracle) of both
/// seeds and the code.
TEST(OtColumns, MessageIsBothStreamsAndTheCode) {
  const testing::BaseOts e = testing::base_ots(3);
  const BitColumns code = random_columns(3, 64 * 64);
  const MaskedColumns masked = mask_columns(e.pairs, code);
  for (std::size_t c = 0; c < 3; ++c) {
    Words zero(64), one(64);
    const auto raw = [](const Block& block) {
      std::array<std::uint8_t, 16> key;
      std::memcpy(key.data(), &block, sizeof block);
      return key;
    };
    Aes128(raw(e.pairs.zero[c])).counters(0, 0, zero);
    Aes128(raw(e.pairs.one[c])).counters(0, 0, one);
    for (std::size_t w = 0; w < 64; ++w) {
      EXPECT_EQ(masked.message.column(c)[w], zero[w] ^ one[w] ^ code.column(c)[w]);
      EXPECT_EQ(masked.own.column(c)[w], zero[w]);
    }
  }
}

TEST(OtColumns, RowsAndColumnsAreTransposes) {
  for (const std::size_t columns : {1, 64, 65, 448}) {
    for (const std::size_t rows : {0, 1, 65, 600}) {
      const BitColumns matrix = random_columns(columns, rows);
      const Words by_row = rows_of(matrix);
      const std::size_t width = words_for_bits(columns);
      for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t r = 0; r < rows; ++r) {
          ASSERT_EQ((by_row[r * width + c / 64] >> c % 64 & 1) == 1, bit(matrix, c, r));
        }
      }
      const BitColumns back = columns_of(by_row, columns, rows);
      for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t r = 0; r < rows; ++r) ASSERT_EQ(bit(back, c, r), bit(matrix, c, r));
      }
    }
  }
}

}  // namespace
}  // namespace polder
