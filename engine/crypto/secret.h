// A key of n bytes: wipes itself, moves but is never copied, and refuses use after a move.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/random.h"

namespace polder {

template <std::size_t n>
class Secret {
 public:
  using Raw = std::array<std::uint8_t, n>;

  static Secret random() {
    return filled([](Raw& raw) { random_bytes(raw); });
  }
  /// Of the bytes that `fill(Raw&)` writes.
  template <typename Fill>
  static Secret filled(Fill fill) {
    Secret secret;
    fill(secret.raw_);
    return secret;
  }

  explicit Secret(const Raw& raw) : raw_(raw) {}
  Secret(Secret&& other) noexcept
      : raw_(other.raw_), present_(std::exchange(other.present_, false)) {
    other.clear();
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    raw_ = other.raw_;
    present_ = std::exchange(other.present_, false);
    other.clear();
    return *this;
  }
  ~Secret() { clear(); }

  const Raw& raw() const {
    require(present_, "key: used after it was moved away");
    return raw_;
  }

 private:
  Secret() = default;
  void clear() { wipe(raw_.data(), n); }

  Raw raw_;
  bool present_ = true;
};

}  // namespace polder
