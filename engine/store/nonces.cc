#include "store/nonces.h"

#include "base/error.h"

namespace polder {

void Nonces::use(std::span<const std::uint8_t> key, std::span<const std::uint8_t> nonce,
                 std::int64_t now_ms, std::int64_t expires_ms) {
  catalogue_.change([&](Database& database) {
    database.change("DELETE FROM nonces WHERE expires < ?", now_ms);
    if (database.change("INSERT OR IGNORE INTO nonces VALUES (?, ?, ?)", key, nonce, expires_ms) ==
        0) {
      fail(Code::forbidden, "request: this one was already made; sign a new one");
    }
  });
}

}  // namespace polder
