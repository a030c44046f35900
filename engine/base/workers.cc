#include "base/workers.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/first_error.h"
#include "base/memory.h"

namespace polder {
namespace {

void run_guarded(const std::function<void()>& work, FirstError& first) {
  try {
    work();
  } catch (...) {
    first.keep(std::current_exception());
  }
}

}  // namespace

// A lock of its own each: workers never wait for one another.
class Workers::Worker {
 public:
  Worker() : thread_([this, account = PoolAccount::own()] { live(account); }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    tell([this] { leaving_ = true; });
    thread_.join();
  }

  /// `work` does not throw.
  void start(std::function<void()> work) {
    tell([&] { work_ = std::move(work); });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !work_; });
  }

 private:
  template <typename Change>
  void tell(Change&& change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    changed_.notify_all();
  }

  void live(PoolAccount* account) {
    const OnAccount counted(account);
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return work_ || leaving_; });
      if (!work_) return;
      lock.unlock();
      work_();
      lock.lock();
      work_ = nullptr;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> work_;  // until it is done
  bool leaving_ = false;
  std::thread thread_;  // last: it uses all of the above
};

Workers::Workers(std::size_t count) {
  require(count >= 1, "workers: the calling thread is one");
  for (std::size_t i = 1; i < count; ++i) others_.push_back(std::make_unique<Worker>());
}

Workers::~Workers() = default;

void Workers::run(std::size_t parts, const std::function<void(std::size_t)>& part) {
  require(parts >= 1 && parts <= count(), "workers: more parts than threads");
  if (parts == 1) return part(0);
  FirstError first;
  for (std::size_t i = 1; i < parts; ++i) {
    others_[i - 1]->start([&, i] { run_guarded([&] { part(i); }, first); });
  }
  run_guarded([&] { part(0); }, first);
  for (std::size_t i = 1; i < parts; ++i) others_[i - 1]->wait();
  first.rethrow();
}

}  // namespace polder
