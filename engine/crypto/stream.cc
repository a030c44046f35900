#include "crypto/stream.h"

#include <pthread.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <new>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/aes.h"

namespace polder {
namespace {

constexpr std::size_t buffer_words = 512;

// How many forks lie between the first process and this one.
std::atomic<unsigned> forks = 0;

void notice_forks() {
  static const int refused =
      pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  require(refused == 0, "stream: no notice of forks");
}

}  // namespace

Key Key::derive(std::string_view label) const {
  constexpr std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> purpose{
      'p', 'o', 'l', 'd', 'e', 'r', ' ', 'k', 'e', 'y', ' ', 'v', '1'};
  ready_sodium();
  return Key(Secret<16>::filled([&](Raw& derived) {
    crypto_generichash_blake2b_salt_personal(
        derived.data(), derived.size(), reinterpret_cast<const unsigned char*>(label.data()),
        label.size(), raw().data(), raw().size(), nullptr, purpose.data());
  }));
}

// Lives in guarded memory of libsodium: locked, left out of core dumps, wiped when released.
struct alignas(64) Stream::State {
  explicit State(const Key& key) : aes(key.raw()) { aes.counters(0, 0, buffer); }

  // Words left before the block counter (two words a block) could come round.
  std::uint64_t left() const { return std::numeric_limits<std::uint64_t>::max() - position; }

  void fill(std::span<std::uint64_t> words) {
    while (!words.empty()) {
      const std::uint64_t used = position - buffer_start;
      std::size_t count = 0;
      if (used < buffer_words) {
        count = std::min<std::size_t>(words.size(), buffer_words - used);
        std::copy_n(buffer.begin() + used, count, words.begin());
      } else if (position % Aes128::group_words == 0 && words.size() >= buffer_words) {
        count = words.size() / Aes128::group_words * Aes128::group_words;
        aes.counters(0, position / 2, words.first(count));
      } else {
        refill();
      }
      position += count;
      words = words.subspan(count);
    }
  }

  void refill() {
    buffer_start = position / Aes128::group_words * Aes128::group_words;
    aes.counters(0, buffer_start / 2, buffer);
  }

  Aes128 aes;
  std::uint64_t position = 0;
  std::uint64_t buffer_start = 0;  // the position of buffer[0]
  unsigned born_after_forks = forks.load(std::memory_order_relaxed);
  alignas(64) std::array<std::uint64_t, buffer_words> buffer;
};

void Stream::Release::operator()(State* state) const {
  state->~State();
  sodium_free(state);
}

Stream::Stream(Key key) {
  ready_sodium();
  notice_forks();
  void* memory = sodium_malloc(sizeof(State));
  if (memory == nullptr) throw std::bad_alloc();
  state_.reset(new (memory) State(key));
}

Stream::Stream(Stream&& other) noexcept = default;
Stream& Stream::operator=(Stream&& other) noexcept = default;
Stream::~Stream() = default;

Stream::State& Stream::usable(std::uint64_t count) const {
  require(state_ != nullptr, "stream: used after it was moved away");
  require(state_->born_after_forks == forks.load(std::memory_order_relaxed),
          "stream: used in a forked process");
  require(count <= state_->left(), "stream: its counter is used up");
  return *state_;
}

void Stream::fill(std::span<std::uint64_t> words) { usable(words.size()).fill(words); }

void Stream::skip(std::uint64_t count) { usable(count).position += count; }

std::uint64_t Stream::position() const { return usable(0).position; }

}  // namespace polder
