#include "protocol/rep3/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "protocol/rep3/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

// Plain loops: the compiler vectorises them for each target that Highway compiles this file for.
HWY_BEFORE_NAMESPACE();
namespace polder::rep3::HWY_NAMESPACE {

using Out = std::uint64_t* __restrict;
using In = const std::uint64_t* __restrict;

void and_words(Out z, Wire x, Wire y, Mask mask, std::size_t n) {
  In x0 = x.first, x1 = x.second, y0 = y.first, y1 = y.second, a = mask.own, b = mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    z[i] = (x0[i] & (y0[i] ^ y1[i])) ^ (x1[i] & y0[i]) ^ a[i] ^ b[i];
  }
}

void or_words(Out z, Wire x, Wire y, Mask mask, std::size_t n) {
  In x0 = x.first, x1 = x.second, y0 = y.first, y1 = y.second, a = mask.own, b = mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    z[i] = (x0[i] & (y0[i] ^ y1[i])) ^ (x1[i] & y0[i]) ^ x0[i] ^ y0[i] ^ a[i] ^ b[i];
  }
}

void select_words(Out z, Wire choose, Wire high, Wire low, Mask mask, std::size_t n) {
  In c0 = choose.first, c1 = choose.second, h0 = high.first, h1 = high.second;
  In l0 = low.first, l1 = low.second, a = mask.own, b = mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t change0 = h0[i] ^ l0[i], change1 = h1[i] ^ l1[i];
    z[i] = (c0[i] & (change0 ^ change1)) ^ (c1[i] & change0) ^ l0[i] ^ a[i] ^ b[i];
  }
}

void unequal_words(Out z, Place a, Place b, Mask mask, std::size_t n) {
  In ax0 = a.x.first, ax1 = a.x.second, ay0 = a.y.first, ay1 = a.y.second;
  In bx0 = b.x.first, bx1 = b.x.second, by0 = b.y.first, by1 = b.y.second;
  In own = mask.own, next = mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t a0 = ax0[i] ^ ay0[i], a1 = ax1[i] ^ ay1[i];
    const std::uint64_t b0 = bx0[i] ^ by0[i], b1 = bx1[i] ^ by1[i];
    z[i] = (a0 & (b0 ^ b1)) ^ (a1 & b0) ^ a0 ^ b0 ^ own[i] ^ next[i];
  }
}

void join_windows(WindowOut z, Window high, Window low, Mask value_mask, Mask differ_mask,
                  std::size_t n) {
  Out value = z.value, differ = z.differ;
  In h0 = high.value.first, h1 = high.value.second, l0 = low.value.first, l1 = low.value.second;
  In d0 = high.differ.first, d1 = high.differ.second, e0 = low.differ.first, e1 = low.differ.second;
  In va = value_mask.own, vb = value_mask.next, da = differ_mask.own, db = differ_mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t change0 = h0[i] ^ l0[i], change1 = h1[i] ^ l1[i];
    value[i] = (d0[i] & (change0 ^ change1)) ^ (d1[i] & change0) ^ l0[i] ^ va[i] ^ vb[i];
    differ[i] = (d0[i] & (e0[i] ^ e1[i])) ^ (d1[i] & e0[i]) ^ d0[i] ^ e0[i] ^ da[i] ^ db[i];
  }
}

void join_places(WindowOut z, Place high, Place low, Mask value_mask, Mask differ_mask,
                 std::size_t n) {
  Out value = z.value, differ = z.differ;
  In x0 = high.x.first, x1 = high.x.second, h0 = high.y.first, h1 = high.y.second;
  In w0 = low.x.first, w1 = low.x.second, l0 = low.y.first, l1 = low.y.second;
  In va = value_mask.own, vb = value_mask.next, da = differ_mask.own, db = differ_mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t d0 = x0[i] ^ h0[i], d1 = x1[i] ^ h1[i];
    const std::uint64_t e0 = w0[i] ^ l0[i], e1 = w1[i] ^ l1[i];
    const std::uint64_t change0 = h0[i] ^ l0[i], change1 = h1[i] ^ l1[i];
    value[i] = (d0 & (change0 ^ change1)) ^ (d1 & change0) ^ l0[i] ^ va[i] ^ vb[i];
    differ[i] = (d0 & (e0 ^ e1)) ^ (d1 & e0) ^ d0 ^ e0 ^ da[i] ^ db[i];
  }
}

void mul_words(Out z, Wire x, Wire y, Mask mask, std::size_t n) {
  In x0 = x.first, x1 = x.second, y0 = y.first, y1 = y.second, a = mask.own, b = mask.next;
  for (std::size_t i = 0; i < n; ++i) {
    z[i] = x0[i] * (y0[i] + y1[i]) + x1[i] * y0[i] + a[i] - b[i];
  }
}

void add_mul_words(Out z, Wire x, Wire y, std::size_t n) {
  In x0 = x.first, x1 = x.second, y0 = y.first, y1 = y.second;
  for (std::size_t i = 0; i < n; ++i) z[i] += x0[i] * (y0[i] + y1[i]) + x1[i] * y0[i];
}

void xor_words(Out z, In x, In y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) z[i] = x[i] ^ y[i];
}

// A block of y (64 rows of 512 columns, 256 KB) stays in L2 while all rows of x pass over it, four
// at a time.
void add_matrix_product(Out z, In x, In y, std::size_t n, std::size_t k, std::size_t m) {
  constexpr std::size_t block_k = 64, block_m = 512, block_n = 4;
  for (std::size_t k0 = 0; k0 < k; k0 += block_k) {
    const std::size_t k1 = k0 + block_k < k ? k0 + block_k : k;
    for (std::size_t m0 = 0; m0 < m; m0 += block_m) {
      const std::size_t width = m0 + block_m < m ? block_m : m - m0;
      std::size_t i = 0;
      for (; i + block_n <= n; i += block_n) {
        Out z0 = z + i * m + m0, z1 = z0 + m, z2 = z1 + m, z3 = z2 + m;
        for (std::size_t q = k0; q < k1; ++q) {
          In row = y + q * m + m0;
          const std::uint64_t a0 = x[i * k + q], a1 = x[(i + 1) * k + q], a2 = x[(i + 2) * k + q],
                              a3 = x[(i + 3) * k + q];
          for (std::size_t j = 0; j < width; ++j) {
            z0[j] += a0 * row[j];
            z1[j] += a1 * row[j];
            z2[j] += a2 * row[j];
            z3[j] += a3 * row[j];
          }
        }
      }
      for (; i < n; ++i) {
        Out z0 = z + i * m + m0;
        for (std::size_t q = k0; q < k1; ++q) {
          In row = y + q * m + m0;
          for (std::size_t j = 0; j < width; ++j) z0[j] += x[i * k + q] * row[j];
        }
      }
    }
  }
}

void spread_bits(Out words, In bits, std::size_t n) {
  std::size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    const std::uint64_t word = bits[i / 64];
    for (std::size_t b = 0; b < 64; ++b) words[i + b] = word >> b & 1;
  }
  for (; i < n; ++i) words[i] = bits[i / 64] >> i % 64 & 1;
}

}  // namespace polder::rep3::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polder::rep3 {

HWY_EXPORT(and_words);
HWY_EXPORT(or_words);
HWY_EXPORT(select_words);
HWY_EXPORT(unequal_words);
HWY_EXPORT(join_windows);
HWY_EXPORT(join_places);
HWY_EXPORT(mul_words);
HWY_EXPORT(add_mul_words);
HWY_EXPORT(xor_words);
HWY_EXPORT(add_matrix_product);
HWY_EXPORT(spread_bits);

void and_words(std::uint64_t* z, Wire x, Wire y, Mask mask, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(and_words)(z, x, y, mask, n);
}
void or_words(std::uint64_t* z, Wire x, Wire y, Mask mask, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(or_words)(z, x, y, mask, n);
}
void select_words(std::uint64_t* z, Wire choose, Wire high, Wire low, Mask mask, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(select_words)(z, choose, high, low, mask, n);
}
void unequal_words(std::uint64_t* z, Place a, Place b, Mask mask, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(unequal_words)(z, a, b, mask, n);
}
void join_windows(WindowOut z, Window high, Window low, Mask value_mask, Mask differ_mask,
                  std::size_t n) {
  HWY_DYNAMIC_DISPATCH(join_windows)(z, high, low, value_mask, differ_mask, n);
}
void join_places(WindowOut z, Place high, Place low, Mask value_mask, Mask differ_mask,
                 std::size_t n) {
  HWY_DYNAMIC_DISPATCH(join_places)(z, high, low, value_mask, differ_mask, n);
}
void mul_words(std::uint64_t* z, Wire x, Wire y, Mask mask, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(mul_words)(z, x, y, mask, n);
}
void add_mul_words(std::uint64_t* z, Wire x, Wire y, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(add_mul_words)(z, x, y, n);
}
void xor_words(std::uint64_t* z, const std::uint64_t* x, const std::uint64_t* y, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(xor_words)(z, x, y, n);
}

void add_matrix_product(std::uint64_t* z, const std::uint64_t* x, const std::uint64_t* y,
                        std::size_t n, std::size_t k, std::size_t m) {
  HWY_DYNAMIC_DISPATCH(add_matrix_product)(z, x, y, n, k, m);
}
void spread_bits(std::uint64_t* words, const std::uint64_t* bits, std::size_t n) {
  HWY_DYNAMIC_DISPATCH(spread_bits)(words, bits, n);
}

}  // namespace polder::rep3
#endif
