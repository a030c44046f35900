#include "crypto/base_ot.h"

#include <sodium.h>

#include <algorithm>
#include <string_view>

#include "base/bits.h"
#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace polder {
namespace {

using Scalar = std::array<std::uint8_t, 32>;

static_assert(point_bytes == crypto_core_ristretto255_BYTES);

[[noreturn]] void fail_no_point() {
  fail(Code::cheating, "oblivious transfer: the peer sent bytes that are no point of the group");
}

/// C: hashed to the group, so nobody knows its logarithm.
Point public_point() {
  constexpr std::string_view label = "polder oblivious transfer v1";
  std::array<std::uint8_t, crypto_core_ristretto255_HASHBYTES> wide;
  crypto_generichash_blake2b(wide.data(), wide.size(), bytes_of(label).data(), label.size(),
                             nullptr, 0);
  Point point;
  crypto_core_ristretto255_from_hash(point.data(), wide.data());
  return point;
}

Point base_times(const Scalar& scalar) {
  Point point;
  if (crypto_scalarmult_ristretto255_base(point.data(), scalar.data()) != 0) fail_no_point();
  return point;
}

Point times(const Scalar& scalar, std::span<const std::uint8_t> point) {
  Point product;
  if (crypto_scalarmult_ristretto255(product.data(), scalar.data(), point.data()) != 0) {
    fail_no_point();
  }
  return product;
}

Point minus(const Point& a, const Point& b) {
  Point difference;
  if (crypto_core_ristretto255_sub(difference.data(), a.data(), b.data()) != 0) fail_no_point();
  return difference;
}

/// The key that a shared point gives in transfer i of this answer to this request.
Block key_of(std::uint64_t i, const Point& answer, const Point& requested, const Point& shared) {
  const auto digest = Hasher<16>()
                          .add("polder base ot")
                          .add(bytes_of(std::span(&i, 1)))
                          .add(answer)
                          .add(requested)
                          .add(shared)
                          .finish();
  Block key;
  std::copy_n(digest.data(), digest.size(), reinterpret_cast<std::uint8_t*>(&key));
  return key;
}

Point part(std::span<const std::uint8_t> request, std::size_t i) {
  Point point;
  std::copy_n(request.data() + i * point_bytes, point_bytes, point.data());
  return point;
}

}  // namespace

BaseOtReceiver::BaseOtReceiver(std::size_t n)
    : choices_(words_for_bits(n)), scalars_(n), request_(n * point_bytes) {
  ready_sodium();
  random_words(choices_);
  const Point other = public_point();
  for (std::size_t i = 0; i < n; ++i) {
    crypto_core_ristretto255_scalar_random(scalars_[i].data());
    const Point own = base_times(scalars_[i]);
    const Point opposite = minus(other, own);
    const auto mask = static_cast<std::uint8_t>(0 - (choices_[i / 64] >> i % 64 & 1));
    for (std::size_t b = 0; b < point_bytes; ++b) {
      const int chosen = own[b] ^ ((own[b] ^ opposite[b]) & mask);
      request_[i * point_bytes + b] = static_cast<std::uint8_t>(chosen);
    }
  }
}

ChosenKeys BaseOtReceiver::keys(const Point& answer) const {
  ChosenKeys chosen{choices_, Blocks(scalars_.size())};
  for (std::size_t i = 0; i < scalars_.size(); ++i) {
    Point shared = times(scalars_[i], answer);
    chosen.keys[i] = key_of(i, answer, part(request_, i), shared);
    wipe(shared.data(), shared.size());
  }
  return chosen;
}

BaseOtAnswer answer_base_ot(std::span<const std::uint8_t> request) {
  ready_sodium();
  const std::size_t n = request.size() / point_bytes;
  Scalar secret;
  crypto_core_ristretto255_scalar_random(secret.data());
  BaseOtAnswer out{base_times(secret), {Blocks(n), Blocks(n)}};
  const Point other = times(secret, public_point());
  for (std::size_t i = 0; i < n; ++i) {
    const Point requested = part(request, i);
    const Point zero = times(secret, requested);
    out.keys.zero[i] = key_of(i, out.answer, requested, zero);
    out.keys.one[i] = key_of(i, out.answer, requested, minus(other, zero));
  }
  wipe(secret.data(), secret.size());
  return out;
}

}  // namespace polder
