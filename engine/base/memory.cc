#include "base/memory.h"

#include <string.h>
#include <sys/mman.h>

#include <array>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>

namespace polder {
namespace {

constexpr std::size_t smallest_pooled = 64 * 1024;
constexpr std::size_t huge_page = 2 * 1024 * 1024;

// Size classes: four steps to each power of two, so that at most a quarter is wasted.
std::size_t class_size(std::size_t bytes) {
  const std::size_t step = std::bit_floor(bytes - 1) / 4;
  return (bytes + step - 1) / step * step;
}
int class_of(std::size_t size) {
  const int log = static_cast<int>(std::bit_width(size - 1));
  return log * 4 + static_cast<int>((size - 1) / (std::bit_floor(size - 1) / 4) % 4);
}

class Pool {
 public:
  void* take(std::size_t bytes) {
    const std::size_t size = class_size(bytes);
    const std::lock_guard lock(mutex_);
    use_.in_use_bytes += size;
    if (use_.in_use_bytes > use_.peak_bytes) use_.peak_bytes = use_.in_use_bytes;
    auto& idle = idle_[static_cast<std::size_t>(class_of(size))];
    if (!idle.empty()) {
      void* block = idle.back();
      idle.pop_back();
      use_.idle_bytes -= size;
      return block;
    }
    void* block = map(size);
    if (block == nullptr) {
      use_.in_use_bytes -= size;
      throw std::bad_alloc();
    }
    return block;
  }

  void give(void* block, std::size_t bytes) noexcept {
    keep(block, class_size(bytes));
    for (Block more = surplus(); more.start != nullptr; more = surplus()) unmap(more);
  }

  void trim() {
    const std::lock_guard lock(mutex_);
    for (std::size_t c = 0; c < idle_.size(); ++c) {
      for (void* block : idle_[c]) unmap({block, size_of_class(c)});
      idle_[c].clear();
    }
    use_.idle_bytes = 0;
  }

  PoolUse use() {
    const std::lock_guard lock(mutex_);
    return use_;
  }

  void limit_idle(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    most_idle_ = bytes;
  }

  void reset_peak() {
    const std::lock_guard lock(mutex_);
    use_.peak_bytes = use_.in_use_bytes;
  }

 private:
  struct Block {
    void* start;
    std::size_t size;
  };

  void keep(void* block, std::size_t size) noexcept {
    const std::lock_guard lock(mutex_);
    use_.in_use_bytes -= size;
    try {
      idle_[static_cast<std::size_t>(class_of(size))].push_back(block);
      use_.idle_bytes += size;
    } catch (const std::bad_alloc&) {
      unmap({block, size});
    }
  }

  /// One of the largest blocks while too much is idle; it is wiped without the lock.
  Block surplus() noexcept {
    const std::lock_guard lock(mutex_);
    if (use_.idle_bytes <= most_idle_) return {nullptr, 0};
    std::size_t c = idle_.size() - 1;
    while (idle_[c].empty()) --c;
    const Block block{idle_[c].back(), size_of_class(c)};
    idle_[c].pop_back();
    use_.idle_bytes -= block.size;
    return block;
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

  static std::size_t size_of_class(std::size_t c) {
    const std::size_t top = std::size_t{1} << (c / 4 - 1);
    return top + top / 4 * (c % 4 + 1);
  }

  std::mutex mutex_;
  std::array<std::vector<void*>, 4 * 65> idle_;
  PoolUse use_{};
  // What idle blocks of sizes that are not asked for may hold back from the rest of the machine.
  std::size_t most_idle_ = default_idle_bytes;
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

void trim_pool() { pool().trim(); }
PoolUse pool_use() { return pool().use(); }
void reset_pool_peak() { pool().reset_peak(); }

}  // namespace polder
