#include "base/memory.h"

#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

namespace polder {
namespace {

constexpr std::size_t smallest_pooled = 64 * 1024;
constexpr std::size_t huge_page = 2 * 1024 * 1024;

// Size classes: four steps to each power of two, so that at most a quarter is wasted.
std::size_t class_size(std::size_t bytes) {
  const std::size_t step = std::bit_floor(bytes - 1) / 4;
  return (bytes + step - 1) / step * step;
}
constexpr std::size_t classes = 4 * 65;
std::size_t class_of(std::size_t size) {
  const auto log = static_cast<std::size_t>(std::bit_width(size - 1));
  return log * 4 + (size - 1) / (std::bit_floor(size - 1) / 4) % 4;
}
std::size_t size_of_class(std::size_t c) {
  const std::size_t top = std::size_t{1} << (c / 4 - 1);
  return top + top / 4 * (c % 4 + 1);
}

thread_local PoolAccount* account = nullptr;

class Pool {
 public:
  void* take(std::size_t bytes) {
    const std::size_t size = class_size(bytes);
    const std::lock_guard lock(mutex_);
    const std::size_t c = class_of(size);
    void* block = fresh_.pop(c);
    if (block == nullptr) block = unused_.pop(c);
    if (block == nullptr) block = map(size);
    if (block == nullptr) throw std::bad_alloc();
    in_use_bytes_ += size;
    peak_bytes_ = std::max(peak_bytes_, in_use_bytes_);
    if (account != nullptr) account->add(static_cast<std::ptrdiff_t>(size));
    return block;
  }

  void give(void* block, std::size_t bytes) noexcept {
    keep(block, class_size(bytes));
    for (Block more = surplus(); more.start != nullptr; more = surplus()) unmap(more);
  }

  void trim_unused() {
    Idle old;
    {
      const std::lock_guard lock(mutex_);
      old = std::exchange(unused_, std::exchange(fresh_, Idle()));
    }
    for (std::size_t c = 0; c < classes; ++c) {
      while (void* block = old.pop(c)) unmap({block, size_of_class(c)});
    }
  }

  PoolUse use() {
    const std::lock_guard lock(mutex_);
    return {in_use_bytes_, idle_bytes(), peak_bytes_};
  }

  void limit_idle(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    max_idle_ = bytes;
  }

  void reset_peak() {
    const std::lock_guard lock(mutex_);
    peak_bytes_ = in_use_bytes_;
  }

 private:
  struct Block {
    void* start;
    std::size_t size;
  };

  struct Idle {
    std::array<std::vector<void*>, classes> blocks;
    std::size_t bytes = 0;

    void push(void* block, std::size_t c) {
      blocks[c].push_back(block);
      bytes += size_of_class(c);
    }
    /// Null if there is none.
    void* pop(std::size_t c) noexcept {
      if (blocks[c].empty()) return nullptr;
      void* block = blocks[c].back();
      blocks[c].pop_back();
      bytes -= size_of_class(c);
      return block;
    }
  };

  std::size_t idle_bytes() const { return fresh_.bytes + unused_.bytes; }

  void keep(void* block, std::size_t size) noexcept {
    const std::lock_guard lock(mutex_);
    in_use_bytes_ -= size;
    if (account != nullptr) account->add(-static_cast<std::ptrdiff_t>(size));
    try {
      fresh_.push(block, class_of(size));
    } catch (const std::bad_alloc&) {
      unmap({block, size});
    }
  }

  /// One of the largest blocks while too much is idle; it is wiped without the lock.
  Block surplus() noexcept {
    const std::lock_guard lock(mutex_);
    if (idle_bytes() <= max_idle_) return {nullptr, 0};
    for (std::size_t c = classes - 1;; --c) {
      for (Idle* idle : {&unused_, &fresh_}) {
        if (void* block = idle->pop(c)) return {block, size_of_class(c)};
      }
    }
  }

  static void unmap(Block block) noexcept {
    wipe(block.start, block.size);
    munmap(block.start, block.size);
  }

  static void* map(std::size_t size) {
    void* block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return nullptr;
    madvise(block, size, MADV_DONTDUMP);
    if (size >= huge_page) madvise(block, size, MADV_HUGEPAGE);
    return block;
  }

  std::mutex mutex_;
  Idle fresh_;   // given since the last trim
  Idle unused_;  // before it, and not taken since
  std::size_t in_use_bytes_ = 0, peak_bytes_ = 0;
  // What idle blocks of sizes that are not asked for may hold back from the rest of the machine.
  std::size_t max_idle_ = default_idle_bytes;
};

Pool& pool() {
  static Pool* const instance = new Pool;  // outlives every static buffer
  return *instance;
}

}  // namespace

void wipe(void* memory, std::size_t bytes) {
  if (bytes != 0) explicit_bzero(memory, bytes);  // an empty buffer may lie nowhere
}

void* pool_take(std::size_t bytes) {
  if (bytes >= smallest_pooled) return pool().take(bytes);
  void* memory = std::aligned_alloc(64, (bytes + 64) / 64 * 64);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void pool_give(void* memory, std::size_t bytes) noexcept {
  if (memory == nullptr) return;
  if (bytes >= smallest_pooled) return pool().give(memory, bytes);
  wipe(memory, bytes);
  std::free(memory);
}

void limit_idle_pool(std::size_t bytes) { pool().limit_idle(bytes); }

void trim_unused() { pool().trim_unused(); }
void trim_pool() {
  trim_unused();
  trim_unused();  // what was idle for the first is unused for the second
}
PoolUse pool_use() { return pool().use(); }
void reset_pool_peak() { pool().reset_peak(); }

PoolAccount* PoolAccount::own() { return account; }

void PoolAccount::add(std::ptrdiff_t bytes) noexcept {
  const std::ptrdiff_t now = bytes_ += bytes;
  std::ptrdiff_t peak = peak_bytes_;
  while (peak < now && !peak_bytes_.compare_exchange_weak(peak, now)) {
  }
}

OnAccount::OnAccount(PoolAccount* own) : before_(std::exchange(account, own)) {}
OnAccount::~OnAccount() { account = before_; }

}  // namespace polder
