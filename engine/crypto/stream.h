// AES-128-CTR as a stream of random words: what masks, permutations and shares are drawn from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "crypto/secret.h"

namespace polder {

/// A 128-bit key, which can only move: two streams of one key would repeat.
class Key {
 public:
  using Raw = Secret<16>::Raw;
  /// From the system's generator.
  static Key random() { return Key(Secret<16>::random()); }
  explicit Key(const Raw& raw) : secret_(raw) {}
  const Raw& raw() const { return secret_.raw(); }

  /// The key of one purpose: keyed hash (BLAKE2b) of `label` under this key. Distinct labels give
  /// independent keys, so a label is used for one stream only.
  Key derive(std::string_view label) const;

 private:
  explicit Key(Secret<16> secret) : secret_(std::move(secret)) {}

  Secret<16> secret_;
};

/// Random words in order. Each (key, counter) is used once: the stream owns its key, cannot be
/// copied, only moves forward, throws before its counter wraps, and throws in a forked child (which
/// would repeat its parent's words). Both holders of a key that draw the same counts get the same
/// words. Its state is locked in memory and out of core dumps where the system allows. Not
/// thread-safe; making one costs some 20 microseconds. The words are those of AES-128-CTR with a
/// zero first counter block, little-endian.
class Stream {
 public:
  explicit Stream(Key key);
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  /// Next words of the stream.
  void fill(std::span<std::uint64_t> words);

  /// Moves on as if `count` words had been drawn: for a holder of the key that sits a step out.
  void skip(std::uint64_t count);

  /// Words handed out or skipped so far.
  std::uint64_t position() const;

 private:
  struct State;
  struct Release {
    void operator()(State* state) const;
  };
  State& usable(std::uint64_t count) const;

  std::unique_ptr<State, Release> state_;
};

}  // namespace polder
