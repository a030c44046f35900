// Numbers used once: a request that is sent again is refused, also after a restart.
#pragma once

#include <cstdint>
#include <span>

#include "store/catalogue.h"

namespace polder {

class Nonces {
 public:
  explicit Nonces(Catalogue& catalogue) : catalogue_(catalogue) {}

  /// Uses the key's nonce up; it is on disk when this returns, and forgotten after expires_ms.
  /// Throws Error forbidden if it was used before.
  void use(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce,
           std::int64_t now_ms, std::int64_t expires_ms);

 private:
  Catalogue& catalogue_;
};

}  // namespace polder
