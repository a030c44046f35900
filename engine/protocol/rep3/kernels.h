// The local part of rep3 products, word by word: component 0 of the answer from both components of
// the factors (x0, x1), (y0, y1) and the two streams (a, b) whose exclusive or (difference) over
// the three nodes is zero. SIMD by run-time dispatch.
#pragma once

#include <cstddef>
#include <cstdint>

namespace polder::rep3 {

/// Both components of one operand.
struct Wire {
  const std::uint64_t* first = nullptr;
  const std::uint64_t* second = nullptr;
};

/// One bit place of two numbers that are compared.
struct Place {
  Wire x, y;
};

/// A stretch of bit places: y's bit at the highest place where x and y differ, and whether they
/// differ at all.
struct Window {
  Wire value, differ;
};

/// Where a window's two gates go.
struct WindowOut {
  std::uint64_t *value, *differ;
};

/// The mask's two halves.
struct Mask {
  const std::uint64_t* own;
  const std::uint64_t* next;
};

/// z = x and y.
void and_words(std::uint64_t* z, Wire x, Wire y, Mask mask, std::size_t n);
/// z = x or y.
void or_words(std::uint64_t* z, Wire x, Wire y, Mask mask, std::size_t n);
/// z = where choose: high, else low.
void select_words(std::uint64_t* z, Wire choose, Wire high, Wire low, Mask mask, std::size_t n);
/// z = whether x and y differ at one of two places.
void unequal_words(std::uint64_t* z, Place a, Place b, Mask mask, std::size_t n);
/// The window of a high and a low window, or of two single places. Both gates in one pass, and
/// x xor y on the way: memory is what bounds these.
void join_windows(WindowOut z, Window high, Window low, Mask value_mask, Mask differ_mask,
                  std::size_t n);
void join_places(WindowOut z, Place high, Place low, Mask value_mask, Mask differ_mask,
                 std::size_t n);
/// z = x * y mod 2^64.
void mul_words(std::uint64_t* z, Wire x, Wire y, Mask mask, std::size_t n);
/// z += x * y mod 2^64, no mask: more terms of a sum that is masked already.
void add_mul_words(std::uint64_t* z, Wire x, Wire y, std::size_t n);
/// z = x xor y.
void xor_words(std::uint64_t* z, const std::uint64_t* x, const std::uint64_t* y, std::size_t n);
/// z += x y, row-major [n, k] x [k, m] mod 2^64.
void add_matrix_product(std::uint64_t* z, const std::uint64_t* x, const std::uint64_t* y,
                        std::size_t n, std::size_t k, std::size_t m);
/// words[i] = bit i of the bit string, 0 or 1.
void spread_bits(std::uint64_t* words, const std::uint64_t* bits, std::size_t n);

}  // namespace polder::rep3
