#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/error.h"

namespace polder {
namespace {

TEST(ParallelRanges, CoverEverythingOnce) {
  for (const std::size_t count : {0U, 1U, 2U, 7U, 8U, 1000U}) {
    for (const std::size_t grain : {1U, 8U, 5000U}) {
      std::vector<std::atomic<int>> seen(count);
      parallel_ranges(count, grain, [&](std::size_t begin, std::size_t end) {
        EXPECT_EQ(begin % grain, 0U);
        for (std::size_t i = begin; i < end; ++i) ++seen[i];
      });
      for (const auto& times : seen) EXPECT_EQ(times, 1);
    }
  }
}

TEST(ParallelRanges, ManyCallersAtOnce) {
  std::atomic<std::size_t> sum = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        parallel_ranges(100, 1, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
      });
    }
  }
  EXPECT_EQ(sum, 800U);
}

TEST(ParallelRanges, PassOnWhatAPartThrows) {
  const auto fail_at_50 = [](std::size_t begin, std::size_t end) {
    if (begin <= 50 && 50 < end) fail(Code::bad_input, "row 50 is wrong");
  };
  EXPECT_THROW(parallel_ranges(100, 1, fail_at_50), Error);
}

}  // namespace
}  // namespace polder
