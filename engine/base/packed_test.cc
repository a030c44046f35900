#include "base/packed.h"

#include <gtest/gtest.h>

#include <random>

namespace polder {
namespace {

Words random_values(std::size_t n, int width) {
  std::mt19937_64 draw(n * 100 + static_cast<std::size_t>(width));
  const auto step = static_cast<std::size_t>(width);
  const std::size_t each = words_for_bits(step);
  Words values(n * each);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = draw() & low_bits(i % each == each - 1 ? step - 64 * (each - 1) : 64);
  }
  return values;
}

TEST(Packed, HasBitBOfValueIAtIWidthPlusB) {
  for (const int width : {1, 2, 5, 7, 32, 55, 63, 64, 65, 69, 127, 128}) {
    const auto step = static_cast<std::size_t>(width);
    for (const std::size_t n : {0, 1, 2, 13, 64, 101}) {
      const Words values = random_values(n, width), words = packed(values, width);
      ASSERT_EQ(words.size(), words_for_bits(n * step));
      for (std::size_t bit = 0; bit < words.size() * 64; ++bit) {
        const std::size_t word = bit / step * words_for_bits(step) + bit % step / 64;
        const bool expected = bit < n * step && (values[word] >> bit % step % 64 & 1) == 1;
        ASSERT_EQ((words[bit / 64] >> bit % 64 & 1) == 1, expected) << width << " " << bit;
      }
      ASSERT_EQ(unpacked(words, n, width), values) << width << " " << n;
    }
  }
}

TEST(Packed, LeavesOutHigherBits) {
  const Words values{~std::uint64_t{0}, 0x10, 0x1f};
  EXPECT_EQ(packed(values, 4), Words{0xf0f});
}

}  // namespace
}  // namespace polder
