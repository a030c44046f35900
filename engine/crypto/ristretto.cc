#include "crypto/ristretto.h"

#include <sodium.h>

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

static_assert(point_bytes == crypto_core_ristretto255_BYTES);

[[noreturn]] void fail_no_point() {
  fail(Code::cheating, "ristretto255: the peer sent bytes that are no point of the group");
}

}  // namespace

Scalar random_scalar() {
  ready_sodium();
  return Scalar::filled([](auto& raw) { crypto_core_ristretto255_scalar_random(raw.data()); });
}

Scalar reduced_scalar(std::span<const std::uint8_t, 64> wide) {
  return Scalar::filled(
      [&](auto& raw) { crypto_core_ristretto255_scalar_reduce(raw.data(), wide.data()); });
}

void check_scalar(std::span<const std::uint8_t, 32> bytes) {
  std::array<std::uint8_t, 64> wide{};
  std::ranges::copy(bytes, wide.begin());
  const Scalar reduced = reduced_scalar(wide);
  if (!std::ranges::equal(reduced.raw(), bytes))
    fail(Code::cheating,
         "ristretto255: the peer sent a number that is not below the group's order");
}

Point point_from_hash(std::span<const std::uint8_t, 64> wide) {
  Point point;
  crypto_core_ristretto255_from_hash(point.data(), wide.data());
  return point;
}

Point base_times(const Scalar& scalar) {
  Point point;
  if (crypto_scalarmult_ristretto255_base(point.data(), scalar.raw().data()) != 0) fail_no_point();
  return point;
}

Point times(const Scalar& scalar, std::span<const std::uint8_t, point_bytes> point) {
  Point product;
  if (crypto_scalarmult_ristretto255(product.data(), scalar.raw().data(), point.data()) != 0)
    fail_no_point();
  return product;
}

Point plus(const Point& a, const Point& b) {
  Point sum;
  if (crypto_core_ristretto255_add(sum.data(), a.data(), b.data()) != 0) fail_no_point();
  return sum;
}

Point minus(const Point& a, const Point& b) {
  Point difference;
  if (crypto_core_ristretto255_sub(difference.data(), a.data(), b.data()) != 0) fail_no_point();
  return difference;
}

Scalar inverse(const Scalar& x) {
  return Scalar::filled([&](auto& raw) {
    const int zero = crypto_core_ristretto255_scalar_invert(raw.data(), x.raw().data());
    require(zero == 0, "zero has no inverse");
  });
}

Scalar times(const Scalar& x, const Scalar& y) {
  return Scalar::filled([&](auto& raw) {
    crypto_core_ristretto255_scalar_mul(raw.data(), x.raw().data(), y.raw().data());
  });
}

Scalar minus(const Scalar& x, const Scalar& y) {
  return Scalar::filled([&](auto& raw) {
    crypto_core_ristretto255_scalar_sub(raw.data(), x.raw().data(), y.raw().data());
  });
}

}  // namespace polder
