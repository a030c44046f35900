#include "crypto/random.h"

#include <sodium.h>

#include "base/error.h"
#include "base/memory.h"

namespace polder {

void ready_sodium() {
  static const bool ready = sodium_init() >= 0;
  require(ready, "libsodium does not start");
}

void random_bytes(std::span<std::uint8_t> bytes) {
  ready_sodium();
  if (!bytes.empty()) randombytes_buf(bytes.data(), bytes.size());
}

void random_words(std::span<std::uint64_t> words) { random_bytes(bytes_of(words)); }

}  // namespace polder
