#include "crypto/seal.h"

#include <sodium.h>

#include "base/error.h"
#include "crypto/random.h"

namespace polder {

static_assert(seal_overhead == crypto_box_SEALBYTES);

// X25519 itself says whether a point is of small order: its product with any secret is zero.
bool can_seal_to(const SealKey& to) {
  const Secret<32> any = Secret<32>::random();
  std::array<std::uint8_t, crypto_scalarmult_BYTES> product;
  return crypto_scalarmult(product.data(), any.raw().data(), to.data()) == 0;
}

Bytes seal(const SealKey& to, std::span<const std::uint8_t> contents) {
  ready_sodium();
  Bytes box(contents.size() + seal_overhead);
  if (crypto_box_seal(box.data(), contents.data(), contents.size(), to.data()) != 0) {
    fail(Code::bad_input, "seal: the recipient's key is no X25519 key; ask for it again");
  }
  return box;
}

ReceivingKey::ReceivingKey(Secret<32> secret) : secret_(std::move(secret)) {
  ready_sodium();
  crypto_scalarmult_base(seal_key_.data(), secret_.raw().data());
}

Bytes ReceivingKey::open(std::span<const std::uint8_t> box) const {
  if (box.size() < seal_overhead) {
    fail(Code::bad_input, "sealed box: {} bytes, shorter than an empty one", box.size());
  }
  Bytes contents(box.size() - seal_overhead);
  if (crypto_box_seal_open(contents.data(), box.data(), box.size(), seal_key_.data(),
                           raw().data()) != 0) {
    fail(Code::bad_input, "sealed box: sealed to another key, or changed since");
  }
  return contents;
}

}  // namespace polder
