// What a whole number can at least and at most be, known before anything is computed. Sums and
// products are worked out in 128 bits, so the proof that 64 bits suffice cannot itself overflow.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace polder {

using Int128 = __int128;

struct Bounds {
  /// What numbers on shares stay within: sums of two, and their signs, then fit in 64 bits.
  static constexpr Int128 most = Int128{1} << 62;

  Int128 low = 0, high = 0;

  bool fits() const { return low >= -most && high <= most; }
  bool contains(Int128 value) const { return low <= value && value <= high; }
  bool contains(const Bounds& other) const { return low <= other.low && other.high <= high; }
  bool is_signed() const { return low < 0; }
  /// Bits that hold every number: two's complement if one is negative.
  int width() const;
  /// "0..120".
  std::string text() const;

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

inline Bounds operator+(const Bounds& x, const Bounds& y) {
  return {x.low + y.low, x.high + y.high};
}
inline Bounds operator-(const Bounds& x, const Bounds& y) {
  return {x.low - y.high, x.high - y.low};
}
/// Of bounds that fit.
inline Bounds operator*(const Bounds& x, const Bounds& y) {
  const Int128 corners[] = {x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high};
  return {*std::ranges::min_element(corners), *std::ranges::max_element(corners)};
}
/// What is in either.
inline Bounds hull(const Bounds& x, const Bounds& y) {
  return {std::min(x.low, y.low), std::max(x.high, y.high)};
}
/// Of the sum of at most n numbers.  x fits, n < 2^62.
inline Bounds sum_of(const Bounds& x, std::uint64_t n) {
  return Bounds{std::min<Int128>(x.low, 0), std::max<Int128>(x.high, 0)} *
         Bounds{static_cast<Int128>(n), static_cast<Int128>(n)};
}

/// In decimal digits.
std::string text_of(Int128 value);

}  // namespace polder
