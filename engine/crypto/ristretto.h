// The group ristretto255 (RFC 9496): prime order, so every point but zero generates it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "crypto/secret.h"

namespace polder {

inline constexpr std::size_t point_bytes = 32;
using Point = std::array<std::uint8_t, point_bytes>;
/// A number modulo the order, little-endian.
using Scalar = Secret<32>;

/// Never zero.
Scalar random_scalar();
/// 64 bytes taken modulo the order.
Scalar reduced_scalar(std::span<const std::uint8_t, 64> wide);
/// Throws Error cheating unless the bytes are below the order.
void check_scalar(std::span<const std::uint8_t, 32> bytes);

/// A point whose logarithm nobody knows, from 64 uniformly random bytes.
Point point_from_hash(std::span<const std::uint8_t, 64> wide);

// Some 40 to 60 microseconds each, in a time that does not depend on the operands.  Throw Error
// cheating if an operand is no point or the product is zero, which no honest peer makes happen.
Point base_times(const Scalar& scalar);
Point times(const Scalar& scalar, std::span<const std::uint8_t, point_bytes> point);
Point plus(const Point& a, const Point& b);
Point minus(const Point& a, const Point& b);

// Modulo the order.
Scalar inverse(const Scalar& x);
Scalar times(const Scalar& x, const Scalar& y);
Scalar minus(const Scalar& x, const Scalar& y);

}  // namespace polder
