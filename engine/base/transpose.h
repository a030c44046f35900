// Bit-matrix transposes between rows of words and bit planes: how columns of numbers become
// bit-sliced and back. GFNI with AVX-512, AVX2 or plain code, chosen at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace polder {

/// out[i] bit j = in[j] bit i, for 64 words; `in` and `out` do not overlap.
void transpose_64x64(const std::uint64_t* in, std::uint64_t* out);

/// Bit b of row r becomes bit r of plane b.  n rows of one word, `row_stride_words` apart, of which
/// the low `width` bits (1..64) count -> `width` planes of ceil(n / 64) words,
/// `plane_stride_words` apart. Bits of the last word beyond row n are zero.
void to_planes(const std::uint64_t* rows, std::size_t row_stride_words, std::size_t n, int width,
               std::uint64_t* planes, std::size_t plane_stride_words);

/// The inverse: `width` planes -> n rows, whose bits from `width` on are zero. Bits of the planes
/// beyond row n are ignored.
void from_planes(const std::uint64_t* planes, std::size_t plane_stride_words, std::size_t n,
                 int width, std::uint64_t* rows, std::size_t row_stride_words);

}  // namespace polder
