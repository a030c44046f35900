// Memory for keys and shares: pooled (page faults cost more than a sort), never zeroed twice, wiped
// before it leaves us, and kept out of core dumps.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace polder {

/// Overwrites with zeros in a way the compiler keeps.
void wipe(void* memory, std::size_t bytes);

/// Blocks of 64 KiB and more are reused by size class; smaller ones come from malloc and are wiped
/// when freed. Thread-safe. A reused block holds old shares until it is overwritten; trimming wipes
/// idle ones and returns them to the system, and the largest go at once when there is too much of
/// them. Nobody who takes or gives waits for the wiping.
void* pool_take(std::size_t bytes);
void pool_give(void* memory, std::size_t bytes) noexcept;

/// All that are idle now.
void trim_pool();
/// Those that nobody took since the last trim: called every now and then it leaves what sessions
/// hand on to one another, and no block stays idle for longer than from one call to the next but
/// one.
void trim_unused();

/// How much may be idle. Less costs time in first touches of pages.
inline constexpr std::size_t default_idle_bytes = std::size_t{3} << 30;
void limit_idle_pool(std::size_t bytes);

struct PoolUse {
  std::size_t in_use_bytes;
  std::size_t idle_bytes;
  std::size_t peak_bytes;  // of in_use, since reset_pool_peak
};
PoolUse pool_use();
void reset_pool_peak();

/// What its threads together took from the pool and did not give back.
class PoolAccount {
 public:
  /// Of the calling thread; null if it has none.
  static PoolAccount* own();

  std::size_t peak_bytes() const { return static_cast<std::size_t>(peak_bytes_.load()); }
  /// Less than 0 for what is given back.
  void add(std::ptrdiff_t bytes) noexcept;

 private:
  std::atomic<std::ptrdiff_t> bytes_ = 0, peak_bytes_ = 0;
};

/// Until it goes, what this thread takes and gives counts for the account, or for none if null.
class OnAccount {
 public:
  explicit OnAccount(PoolAccount* account);
  OnAccount(const OnAccount&) = delete;
  OnAccount& operator=(const OnAccount&) = delete;
  ~OnAccount();

 private:
  PoolAccount* const before_;
};

/// Allocator over the pool whose `resize` leaves trivial values uninitialised.
template <typename T>
struct PoolAllocator {
  using value_type = T;
  PoolAllocator() = default;
  template <typename U>
  PoolAllocator(const PoolAllocator<U>&) noexcept {}
  T* allocate(std::size_t n) { return static_cast<T*>(pool_take(n * sizeof(T))); }
  void deallocate(T* p, std::size_t n) noexcept { pool_give(p, n * sizeof(T)); }
  template <typename U>
  void construct(U* p) noexcept {
    ::new (static_cast<void*>(p)) U;  // default-initialised: no zero fill
  }
  template <typename U, typename... Args>
  void construct(U* p, Args&&... args) {
    ::new (static_cast<void*>(p)) U(static_cast<Args&&>(args)...);
  }
  friend bool operator==(const PoolAllocator&, const PoolAllocator&) { return true; }
};

/// Buffers of secrets. `Words(n)` is uninitialised; `Words(n, 0)` is zero.
using Words = std::vector<std::uint64_t, PoolAllocator<std::uint64_t>>;
using Bytes = std::vector<std::uint8_t, PoolAllocator<std::uint8_t>>;
using Indices = std::vector<std::uint32_t, PoolAllocator<std::uint32_t>>;  // row numbers

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::span<const std::uint8_t> bytes_of(std::span<const std::uint64_t> words) {
  return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size_bytes()};
}
inline std::span<std::uint8_t> bytes_of(std::span<std::uint64_t> words) {
  return {reinterpret_cast<std::uint8_t*>(words.data()), words.size_bytes()};
}

}  // namespace polder
