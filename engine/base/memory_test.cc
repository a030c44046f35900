#include "base/memory.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace polder {
namespace {

TEST(Pool, ReusesABlockOfTheSameClass) {
  trim_pool();
  void* first = pool_take(1 << 20);
  pool_give(first, 1 << 20);
  void* second = pool_take((1 << 20) - 100);
  EXPECT_EQ(first, second);
  pool_give(second, (1 << 20) - 100);
}

TEST(Pool, HandsOutAtLeastWhatWasAskedForEverySize) {
  for (std::size_t bytes = 65536; bytes < (std::size_t{1} << 24); bytes = bytes * 9 / 8 + 1) {
    void* block = pool_take(bytes);
    std::fill_n(static_cast<unsigned char*>(block), bytes, 7);
    pool_give(block, bytes);
  }
  trim_pool();
  EXPECT_EQ(pool_use().idle_bytes, 0u);
}

TEST(Pool, KeepsNoMoreThanSomeIdle) {
  constexpr std::size_t limit = 64 << 20, large = 50 << 20;
  limit_idle_pool(limit);
  void* const blocks[] = {pool_take(large), pool_take(large)};
  for (void* block : blocks) pool_give(block, large);
  EXPECT_LE(pool_use().idle_bytes, limit);
  EXPECT_GT(pool_use().idle_bytes, 0);
  trim_pool();
  limit_idle_pool(default_idle_bytes);
}

TEST(Pool, CountsItsPeak) {
  reset_pool_peak();
  const std::size_t before = pool_use().peak_bytes;
  { Words words(1 << 20); }
  EXPECT_GE(pool_use().peak_bytes, before + (8u << 20));
}

TEST(Words, FillWhereAsked) {
  const Words words(1000, 5);
  EXPECT_TRUE(std::all_of(words.begin(), words.end(), [](auto w) { return w == 5; }));
}

}  // namespace
}  // namespace polder
