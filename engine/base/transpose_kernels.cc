#include "base/transpose_kernels.h"

#include <immintrin.h>

#include <algorithm>

#include "base/transpose.h"

#define HWY_WANT_AVX3_DL 1
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "base/transpose_kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#if HWY_TARGET == HWY_AVX3_DL
HWY_PUSH_ATTRIBUTES(HWY_TARGET_STR ",gfni")
#else
HWY_BEFORE_NAMESPACE();
#endif

namespace polder {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<std::uint64_t, 8>;
using Vector = hn::Vec<Lanes>;

constexpr std::uint64_t low_columns(int distance) {
  return ~std::uint64_t{0} / ((std::uint64_t{1} << distance) + 1);
}

// Swaps the high columns of row `a` with the low columns of the row `distance` below it.
template <int distance>
HWY_INLINE void exchange(Vector& a, Vector& b) {
  const Vector low = hn::Set(Lanes(), low_columns(distance));
  const Vector differ = hn::And(hn::Xor(hn::ShiftRight<distance>(a), b), low);
  b = hn::Xor(b, differ);
  a = hn::Xor(a, hn::ShiftLeft<distance>(differ));
}

// Three of the six steps of a 64x64 transpose, on eight matrices side by side: rows `distance`,
// 2 * `distance` and 4 * `distance` apart.
template <int distance>
HWY_INLINE void three_steps(PlaneLines in, PlaneLines out) {
  const Lanes lanes;
  for (std::size_t k = 0; k < 8; k += hn::Lanes(lanes)) {
    Vector row[8];
    for (int i = 0; i < 8; ++i) {
      const std::size_t at = static_cast<std::size_t>(i) * in.stride + k;
      row[i] = i < in.count ? hn::LoadU(lanes, in.words + at) : hn::Zero(lanes);
    }

    for (int i = 0; i < 4; ++i) exchange<4 * distance>(row[i], row[i + 4]);
    for (int i : {0, 1, 4, 5}) exchange<2 * distance>(row[i], row[i + 2]);
    for (int i : {0, 2, 4, 6}) exchange<distance>(row[i], row[i + 1]);

    for (int i = 0; i < std::min(8, out.count); ++i) {
      hn::StoreU(row[i], lanes, out.words + static_cast<std::size_t>(i) * out.stride + k);
    }
  }
}

HWY_INLINE void far_steps(std::uint64_t* words) {
  for (std::size_t r = 0; r < 8; ++r) {
    const PlaneLines rows{words + r * 8, 64, 8};
    three_steps<8>(rows, rows);
  }
}

void generic_rows_to_lines(const std::uint64_t* rows, PlaneLines lines, std::uint64_t* words) {
  for (std::size_t r = 0; r < 64; ++r) {
    for (std::size_t k = 0; k < 8; ++k) words[r * 8 + k] = rows[k * 64 + r];
  }
  far_steps(words);
  for (int p = 0; p < lines.count; p += 8) {
    const auto first = static_cast<std::size_t>(p);
    three_steps<1>({words + first * 8, 8, 8},
                   {lines.words + first * lines.stride, lines.stride, lines.count - p});
  }
}

void generic_lines_to_rows(PlaneLines lines, std::uint64_t* rows, std::uint64_t* words) {
  for (int p = 0; p < 64; p += 8) {
    const auto first = static_cast<std::size_t>(p);
    three_steps<1>({lines.words + first * lines.stride, lines.stride, lines.count - p},
                   {words + first * 8, 8, 8});
  }
  far_steps(words);
  for (std::size_t r = 0; r < 64; ++r) {
    for (std::size_t k = 0; k < 8; ++k) rows[k * 64 + r] = words[r * 8 + k];
  }
}

template <int distance>
HWY_INLINE void step(std::uint64_t* words) {
  for (int i = 0; i < 64; ++i) {
    if (i & distance) continue;
    const std::uint64_t differ =
        ((words[i] >> distance) ^ words[i + distance]) & low_columns(distance);
    words[i + distance] ^= differ;
    words[i] ^= differ << distance;
  }
}

void generic_transpose(const std::uint64_t* in, std::uint64_t* out) {
  std::copy_n(in, 64, out);
  step<32>(out);
  step<16>(out);
  step<8>(out);
  step<4>(out);
  step<2>(out);
  step<1>(out);
}

#if HWY_TARGET == HWY_AVX3_DL

// AVX-512 with VBMI does not promise GFNI, though every processor so far has both.
bool has_gfni() {
  static const bool has = __builtin_cpu_supports("gfni");
  return has;
}

struct Square {
  __m512i row[8];
};

// Word j of row i becomes word i of row j.
HWY_INLINE Square transposed_words(const Square& in) {
  __m512i pair[8], four[8];
  for (int i = 0; i < 8; i += 2) {
    pair[i] = _mm512_unpacklo_epi64(in.row[i], in.row[i + 1]);
    pair[i + 1] = _mm512_unpackhi_epi64(in.row[i], in.row[i + 1]);
  }
  for (int i : {0, 1, 4, 5}) {
    four[i] = _mm512_shuffle_i64x2(pair[i], pair[i + 2], 0x88);
    four[i + 2] = _mm512_shuffle_i64x2(pair[i], pair[i + 2], 0xdd);
  }
  Square out;
  for (int i = 0; i < 4; ++i) {
    out.row[i] = _mm512_shuffle_i64x2(four[i], four[i + 4], 0x88);
    out.row[i + 4] = _mm512_shuffle_i64x2(four[i], four[i + 4], 0xdd);
  }
  return out;
}

// Byte j of word i goes to byte i of word j; `Reversed` counts the i from the top.
struct ByteOrder {
  alignas(64) std::uint8_t from[64];
  constexpr explicit ByteOrder(bool reversed) : from() {
    for (int to = 0; to < 64; ++to) {
      const int word = reversed ? 7 - to % 8 : to % 8;
      from[to] = static_cast<std::uint8_t>(word * 8 + to / 8);
    }
  }
};

// A 64x64 transpose is one of 8x8 blocks, each turned by an affine map over GF(2) whose matrix is
// the block (its rows count from the top byte) applied to the eight unit vectors.
HWY_INLINE Square transposed_bits(Square square) {
  static constexpr ByteOrder columns_first(true), rows_first(false);
  const __m512i to_blocks = _mm512_load_si512(columns_first.from);
  const __m512i to_words = _mm512_load_si512(rows_first.from);
  const __m512i units = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));

  for (__m512i& row : square.row) row = _mm512_permutexvar_epi8(to_blocks, row);
  square = transposed_words(square);
  for (__m512i& row : square.row) {
    row = _mm512_permutexvar_epi8(to_words, _mm512_gf2p8affine_epi64_epi8(units, row, 0));
  }
  return square;
}

HWY_INLINE Square load(const std::uint64_t* words, std::size_t stride, int count = 8) {
  Square square;
  for (int i = 0; i < 8; ++i) {
    square.row[i] = i < count ? _mm512_loadu_si512(words + static_cast<std::size_t>(i) * stride)
                              : _mm512_setzero_si512();
  }
  return square;
}

HWY_INLINE void store(const Square& square, std::uint64_t* words, std::size_t stride,
                      int count = 8) {
  for (int i = 0; i < std::min(8, count); ++i) {
    _mm512_storeu_si512(words + static_cast<std::size_t>(i) * stride, square.row[i]);
  }
}

void transpose(const std::uint64_t* in, std::uint64_t* out) {
  if (!has_gfni()) return generic_transpose(in, out);
  store(transposed_bits(load(in, 8)), out, 8);
}

void rows_to_lines(const std::uint64_t* rows, PlaneLines lines, std::uint64_t* words) {
  if (!has_gfni()) return generic_rows_to_lines(rows, lines, words);
  for (std::size_t k = 0; k < 512; k += 64) store(transposed_bits(load(rows + k, 8)), words + k, 8);
  for (int p = 0; p < lines.count; p += 8) {
    const auto first = static_cast<std::size_t>(p);
    store(transposed_words(load(words + first, 64)), lines.words + first * lines.stride,
          lines.stride, lines.count - p);
  }
}

void lines_to_rows(PlaneLines lines, std::uint64_t* rows, std::uint64_t* words) {
  if (!has_gfni()) return generic_lines_to_rows(lines, rows, words);
  for (int p = 0; p < 64; p += 8) {
    const auto first = static_cast<std::size_t>(p);
    const Square square = load(lines.words + first * lines.stride, lines.stride, lines.count - p);
    store(transposed_words(square), words + first, 64);
  }
  for (std::size_t k = 0; k < 512; k += 64) store(transposed_bits(load(words + k, 8)), rows + k, 8);
}

#else

void transpose(const std::uint64_t* in, std::uint64_t* out) { generic_transpose(in, out); }

void rows_to_lines(const std::uint64_t* rows, PlaneLines lines, std::uint64_t* words) {
  generic_rows_to_lines(rows, lines, words);
}

void lines_to_rows(PlaneLines lines, std::uint64_t* rows, std::uint64_t* words) {
  generic_lines_to_rows(lines, rows, words);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace polder
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace polder {
namespace {

HWY_EXPORT(transpose);
HWY_EXPORT(rows_to_lines);
HWY_EXPORT(lines_to_rows);

}  // namespace

void transpose_64x64(const std::uint64_t* in, std::uint64_t* out) {
  HWY_DYNAMIC_DISPATCH(transpose)(in, out);
}

void rows_to_lines(const std::uint64_t* rows, PlaneLines lines, std::uint64_t* scratch) {
  HWY_DYNAMIC_DISPATCH(rows_to_lines)(rows, lines, scratch);
}

void lines_to_rows(PlaneLines lines, std::uint64_t* rows, std::uint64_t* scratch) {
  HWY_DYNAMIC_DISPATCH(lines_to_rows)(lines, rows, scratch);
}

}  // namespace polder
#endif
