// The field of 2^61 - 1 elements: what t parties share numbers in. Every operation takes the same
// time for all values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/memory.h"

namespace polder {

/// An element by its least representative; uninitialised in a fresh `Elements(n)`.
struct Element {
  static constexpr int bits = 61;
  static constexpr std::uint64_t prime = (std::uint64_t{1} << bits) - 1;

  std::uint64_t value;

  /// Of any number.
  static constexpr Element of(std::uint64_t number) {
    return least((number & prime) + (number >> bits));
  }
  /// Of 61 random bits, or, where they are the prime, of 61 others: 2^-122 from uniform.
  static constexpr Element of_random(std::uint64_t word, std::uint64_t spare) {
    const std::uint64_t is_prime = ((word & prime) + 1) >> bits;
    return least((word & prime & (is_prime - 1)) | (spare & prime & (0 - is_prime)));
  }

  friend constexpr Element operator+(Element a, Element b) { return least(a.value + b.value); }
  friend constexpr Element operator-(Element a, Element b) {
    return least(a.value + prime - b.value);
  }
  friend constexpr Element operator*(Element a, Element b) {
    const unsigned __int128 product = static_cast<unsigned __int128>(a.value) * b.value;
    return least((static_cast<std::uint64_t>(product) & prime) +
                 static_cast<std::uint64_t>(product >> bits));
  }
  friend constexpr bool operator==(Element, Element) = default;

 private:
  /// Of a number up to 2 prime, without a branch.
  static constexpr Element least(std::uint64_t number) {
    const std::uint64_t reduced = number - prime;
    const std::uint64_t below = 0 - (reduced >> 63);
    return {reduced + (prime & below)};
  }
};

using Elements = std::vector<Element, PoolAllocator<Element>>;

constexpr Element power(Element base, std::uint64_t exponent) {
  Element result{1};
  for (; exponent > 0; exponent >>= 1, base = base * base) {
    if (exponent & 1) result = result * base;
  }
  return result;
}

/// Of a public element other than 0.
constexpr Element inverse(Element a) { return power(a, Element::prime - 2); }

inline std::span<const std::uint8_t> bytes_of(const Elements& elements) {
  return {reinterpret_cast<const std::uint8_t*>(elements.data()),
          elements.size() * sizeof(Element)};
}

inline std::span<std::uint8_t> writable_bytes_of(Elements& elements) {
  return {reinterpret_cast<std::uint8_t*>(elements.data()), elements.size() * sizeof(Element)};
}

/// Elements as they came from a peer.  Throws Error cheating if one is not below the prime.
inline void check_received(std::span<const Element> elements) {
  std::uint64_t wrong = 0;
  for (const Element e : elements)
    wrong |= ((Element::prime - 1 - e.value) | e.value) >> Element::bits;
  if (wrong != 0) fail(Code::cheating, "a peer sent a number outside the field of 2^61 - 1");
}

}  // namespace polder
