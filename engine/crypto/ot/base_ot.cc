#include "crypto/ot/base_ot.h"

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

/// C: hashed to the group, so nobody knows its logarithm.
Point public_point() {
  constexpr std::string_view label = "polder oblivious transfer v1";
  std::array<std::uint8_t, 64> wide;
  crypto_generichash_blake2b(wide.data(), wide.size(), bytes_of(label).data(), label.size(),
                             nullptr, 0);
  return point_from_hash(wide);
}

/// The key that a shared point gives in OT i of this answer to this request.
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
    : choices_(words_for_bits(n)), request_(n * point_bytes) {
  ready_sodium();
  random_words(choices_);
  const Point other = public_point();
  for (std::size_t i = 0; i < n; ++i) {
    const Point own = base_times(scalars_.emplace_back(random_scalar()));
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
  const Scalar secret = random_scalar();
  BaseOtAnswer out{base_times(secret), {Blocks(n), Blocks(n)}};
  const Point other = times(secret, public_point());
  for (std::size_t i = 0; i < n; ++i) {
    const Point requested = part(request, i);
    const Point zero = times(secret, requested);
    out.keys.zero[i] = key_of(i, out.answer, requested, zero);
    out.keys.one[i] = key_of(i, out.answer, requested, minus(other, zero));
  }
  return out;
}

}  // namespace polder
