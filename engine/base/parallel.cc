#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "base/bits.h"
#include "base/memory.h"

namespace polder {
namespace {

// Cores beyond the one that each caller has.
std::atomic<int> free_cores = static_cast<int>(std::thread::hardware_concurrency()) - 1;

class Cores {
 public:
  explicit Cores(int most) {
    int free = free_cores.load();
    do {
      taken_ = std::clamp(free, 0, most);
    } while (!free_cores.compare_exchange_weak(free, free - taken_));
  }
  Cores(const Cores&) = delete;
  Cores& operator=(const Cores&) = delete;
  ~Cores() { free_cores += taken_; }
  int taken() const { return taken_; }

 private:
  int taken_;
};

}  // namespace

void parallel_ranges(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& part) {
  const std::size_t grains = ceil_div(count, grain);
  if (grains == 0) return;
  const Cores cores(static_cast<int>(std::min<std::size_t>(grains, 1024)) - 1);
  if (cores.taken() == 0) return part(0, count);

  // Each takes the next piece: a core that others keep busy takes fewer.
  const std::size_t piece =
      grain * ceil_div(grains, 4 * static_cast<std::size_t>(cores.taken() + 1));
  std::atomic<std::size_t> next = 0;
  std::exception_ptr first;
  std::mutex mutex;
  const auto work = [&] {
    try {
      for (std::size_t at = next.fetch_add(piece); at < count; at = next.fetch_add(piece)) {
        part(at, std::min(count, at + piece));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    const auto help = [&work, account = PoolAccount::own()] {
      const OnAccount counted(account);
      work();
    };
    for (int i = 0; i < cores.taken(); ++i) threads.emplace_back(help);
    work();
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace polder
