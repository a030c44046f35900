#include "base/memory.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/workers.h"

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

TEST(Pool, LetsGoOfWhatNobodyTookBetweenTwoTrims) {
  trim_pool();
  constexpr std::size_t large = 1 << 20, small = 1 << 18;
  void* const forgotten = pool_take(large);
  pool_give(forgotten, large);
  void* const passed_on = pool_take(small);
  pool_give(passed_on, small);
  trim_unused();
  EXPECT_EQ(pool_use().idle_bytes, large + small) << "both were given since the last one";
  EXPECT_EQ(pool_take(small), passed_on);
  pool_give(passed_on, small);
  trim_unused();
  EXPECT_EQ(pool_use().idle_bytes, small);
  trim_unused();
  EXPECT_EQ(pool_use().idle_bytes, 0u);
}

// A page that may not be written stops the trim in the middle of wiping.
struct StoppedWipe {
  static constexpr std::size_t bytes = 1 << 20;
  void* block = pool_take(bytes);
  std::atomic<bool> wiping = false, taken = false, taken_meanwhile = false;
};
StoppedWipe* stopped_wipe = nullptr;

void while_wiping(int) {
  StoppedWipe& wipe = *stopped_wipe;
  wipe.wiping = true;
  wipe.wiping.notify_all();
  const auto late = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!wipe.taken && std::chrono::steady_clock::now() < late) sched_yield();
  wipe.taken_meanwhile = wipe.taken.load();
  mprotect(wipe.block, wipe.bytes, PROT_READ | PROT_WRITE);
}

TEST(Pool, HandsOutBlocksWhileATrimWipesOthers) {
  trim_pool();
  StoppedWipe wipe;
  stopped_wipe = &wipe;
  pool_give(wipe.block, wipe.bytes);
  std::jthread other([&] {
    wipe.wiping.wait(false);
    pool_give(pool_take(wipe.bytes), wipe.bytes);
    wipe.taken = true;
  });
  struct sigaction action = {}, before = {};
  action.sa_handler = while_wiping;
  sigaction(SIGSEGV, &action, &before);
  mprotect(wipe.block, wipe.bytes, PROT_READ);
  trim_pool();
  sigaction(SIGSEGV, &before, nullptr);
  EXPECT_TRUE(wipe.taken_meanwhile);
}

TEST(Pool, CountsItsPeak) {
  reset_pool_peak();
  const std::size_t before = pool_use().peak_bytes;
  { Words words(1 << 20); }
  EXPECT_GE(pool_use().peak_bytes, before + (8u << 20));
}

TEST(PoolAccount, CountsWhatItsThreadsTakeAndNoOthers) {
  constexpr std::size_t block = 1 << 20;
  PoolAccount account;
  const auto work = [](std::size_t) { const Bytes held(block); };
  const Bytes before(block);
  {
    const OnAccount counted(&account);
    const Bytes held(2 * block);
    std::jthread([&] { work(0); }).join();
    EXPECT_EQ(account.peak_bytes(), 2 * block) << "that thread is not on it";
    Workers workers(3);
    workers.run(3, work);
    EXPECT_GE(account.peak_bytes(), 3 * block);
    EXPECT_LE(account.peak_bytes(), 5 * block);
  }
  const Bytes after(8 * block);
  EXPECT_LE(account.peak_bytes(), 5 * block);
}

TEST(PoolAccount, CountsWhatIsHeldAtOnce) {
  constexpr std::size_t block = 1 << 20;
  PoolAccount account;
  const OnAccount counted(&account);
  for (int i = 0; i < 3; ++i) const Bytes held(block);
  EXPECT_EQ(account.peak_bytes(), block);
}

TEST(Words, FillWhereAsked) {
  const Words words(1000, 5);
  EXPECT_TRUE(std::all_of(words.begin(), words.end(), [](auto w) { return w == 5; }));
}

}  // namespace
}  // namespace polder
