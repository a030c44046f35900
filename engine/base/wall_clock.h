// Time of day, for what is signed, logged and expires. Waiting uses the steady clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace polder {

/// Milliseconds since 1970.
inline std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace polder
