#include "net/testing/virtual_time.h"

#include <algorithm>
#include <cstring>
#include <thread>

#include "base/error.h"

namespace polder {
namespace {

Key key_of(std::uint64_t seed) {
  Key::Raw raw{};
  std::memcpy(raw.data(), &seed, sizeof seed);
  return Key(raw);
}

}  // namespace

VirtualTime::VirtualTime(int threads, std::uint64_t seed)
    : seats_(static_cast<std::size_t>(threads)), stream_(key_of(seed).derive("virtual time")) {}

void VirtualTime::run(const std::function<void(int)>& part) {
  choose_next();
  std::vector<std::jthread> threads;
  for (int i = 0; i < static_cast<int>(seats_.size()); ++i) {
    threads.emplace_back([this, i, &part] {
      std::unique_lock lock(mutex_);
      await_turn(i, lock);
      lock.unlock();
      part(i);
      lock.lock();
      seats_[static_cast<std::size_t>(i)].ended = true;
      choose_next();
    });
  }
}

void VirtualTime::sleep(int i, const std::function<Time()>& wake) {
  std::unique_lock lock(mutex_);
  seats_[static_cast<std::size_t>(i)].wake = wake;
  choose_next();
  await_turn(i, lock);
}

void VirtualTime::await_turn(int i, std::unique_lock<std::mutex>& lock) {
  seats_[static_cast<std::size_t>(i)].turn.wait(lock, [&] { return running_ == i; });
}

void VirtualTime::choose_next() {
  std::vector<Time> wakes;
  for (const Seat& seat : seats_) wakes.push_back(seat.ended ? never : seat.wake());
  running_ = nobody;
  if (std::ranges::all_of(seats_, &Seat::ended)) return;
  const Time first = *std::ranges::min_element(wakes);
  require(first != never, "all threads sleep for ever");
  now_ = std::max(now_, first);

  std::vector<int> awake;
  for (int i = 0; i < static_cast<int>(wakes.size()); ++i) {
    if (wakes[static_cast<std::size_t>(i)] <= now_) awake.push_back(i);
  }
  running_ = awake[draw(awake.size())];
  seats_[static_cast<std::size_t>(running_)].turn.notify_one();
}

std::uint64_t VirtualTime::draw(std::uint64_t below) {
  std::uint64_t word = 0;
  stream_.fill({&word, 1});
  return word % below;
}

}  // namespace polder
