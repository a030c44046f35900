#include "base/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>

namespace polder {
namespace {

TEST(Workers, EachPartRunsOnceOnAThreadOfItsOwn) {
  for (const std::size_t count : {1, 2, 3, 8}) {
    Workers workers(count);
    EXPECT_EQ(workers.count(), count);
    std::vector<std::thread::id> threads(count);
    workers.run(count, [&](std::size_t i) { threads[i] = std::this_thread::get_id(); });
    EXPECT_EQ(std::set(threads.begin(), threads.end()).size(), count);
    EXPECT_EQ(threads[0], std::this_thread::get_id());
  }
}

TEST(Workers, FewerPartsThanWorkersLeaveTheOthersAlone) {
  Workers workers(4);
  std::atomic<std::size_t> ran = 0;
  workers.run(2, [&](std::size_t i) { ran += i + 1; });
  EXPECT_EQ(ran, 3u);
}

// What one piece of work wrote is there for the next, whoever does it.
TEST(Workers, WorkFollowsWork) {
  constexpr std::size_t count = 3, turns = 2000;
  Workers workers(count);
  std::vector<std::size_t> sums(count, 0);
  for (std::size_t turn = 0; turn < turns; ++turn) {
    workers.run(count, [&](std::size_t i) { sums[(i + turn) % count] += i; });
  }
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::size_t{0}), turns * 3);
}

TEST(Workers, SplitIntoWholeGrains) {
  for (const std::size_t count : {1, 3, 8}) {
    Workers workers(count);
    for (const std::size_t grain : {1, 64}) {
      for (const std::size_t units : {0, 1, 63, 64, 65, 128, 1003}) {
        std::vector<Workers::Range> ranges(count, {units, 0});
        std::atomic<std::size_t> used = 0;
        workers.split(units, grain, [&](std::size_t worker, Workers::Range range) {
          ranges[worker] = range;
          ++used;
        });
        EXPECT_EQ(used, std::clamp<std::size_t>((units + grain - 1) / grain, 1, count));
        std::size_t next = 0;
        for (const Workers::Range& range : ranges) {
          EXPECT_EQ(range.first, next);
          EXPECT_TRUE(next % grain == 0 || next == units);
          next += range.count;
        }
        EXPECT_EQ(next, units);
      }
    }
  }
}

TEST(Workers, TheFirstErrorComesOutOnceAllHaveEnded) {
  Workers workers(3);
  std::atomic<int> ended = 0;
  const auto part = [&](std::size_t i) {
    if (i == 1) throw std::runtime_error("first");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ++ended;
    if (i == 2) throw std::runtime_error("second");
  };
  try {
    workers.run(3, part);
    FAIL() << "no error came out";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "first");
  }
  EXPECT_EQ(ended, 2);
  workers.run(3, [&](std::size_t) { ++ended; });
  EXPECT_EQ(ended, 5);
}

TEST(Workers, WithoutWorkNothingRuns) {
  Workers workers(8);
  const auto used = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  workers.run(8, [](std::size_t) {});
  const double before = used();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(used() - before, 0.05);
}

}  // namespace
}  // namespace polder
