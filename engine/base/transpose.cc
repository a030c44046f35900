#include "base/transpose.h"

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/transpose_kernels.h"

namespace polder {
namespace {

constexpr std::size_t batch_rows = 512, chunk_rows = 4096;

// Lines of a chunk of rows, on their way to planes or from them. Planes mostly lie 4 KiB
// apart, all in one set of the first-level cache: runs of 8 cache lines a plane are three times
// faster than single lines (measured: 0.95 -> 0.34 ns a row of 64 bits).
class Chunk {
 public:
  Chunk(std::size_t n, int width)
      : stride_(ceil_div(std::min(n, chunk_rows), batch_rows) * (batch_rows / 64)), width_(width) {
    require(width >= 1 && width <= 64, "transpose: width is 1 to 64");
  }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  ~Chunk() {
    wipe(lines_, planes() * stride_ * sizeof *lines_);
    wipe(words_, sizeof words_);
    wipe(row_, sizeof row_);
  }

  void take_rows(const std::uint64_t* rows, std::size_t row_stride, std::size_t n) {
    for (std::size_t first = 0; first < n; first += batch_rows) {
      const std::uint64_t* from = rows + first * row_stride;
      const std::size_t count = std::min(batch_rows, n - first);
      if (count < batch_rows || row_stride != 1) {
        for (std::size_t r = 0; r < count; ++r) row_[r] = from[r * row_stride];
        std::fill(row_ + count, row_ + batch_rows, 0);
        from = row_;
      }
      rows_to_lines(from, batch(first), words_);
    }
  }

  void give_rows(std::uint64_t* rows, std::size_t row_stride, std::size_t n) {
    for (std::size_t first = 0; first < n; first += batch_rows) {
      std::uint64_t* to = rows + first * row_stride;
      const std::size_t count = std::min(batch_rows, n - first);
      const bool direct = count == batch_rows && row_stride == 1;
      lines_to_rows(batch(first), direct ? to : row_, words_);
      for (std::size_t r = 0; !direct && r < count; ++r) to[r * row_stride] = row_[r];
    }
  }

  void take_planes(const std::uint64_t* from, std::size_t plane_stride, std::size_t n) {
    for (std::size_t p = 0; p < planes(); ++p) {
      std::copy_n(from + p * plane_stride, words_for_bits(n), lines_ + p * stride_);
    }
  }

  void give_planes(std::uint64_t* to, std::size_t plane_stride, std::size_t n) const {
    for (std::size_t p = 0; p < planes(); ++p) {
      std::copy_n(lines_ + p * stride_, words_for_bits(n), to + p * plane_stride);
    }
  }

 private:
  std::size_t planes() const { return static_cast<std::size_t>(width_); }
  PlaneLines batch(std::size_t first_row) { return {lines_ + first_row / 64, stride_, width_}; }

  std::size_t stride_;
  int width_;
  alignas(64) std::uint64_t lines_[chunk_rows];
  alignas(64) std::uint64_t words_[batch_rows], row_[batch_rows];
};

}  // namespace

void to_planes(const std::uint64_t* rows, std::size_t row_stride_words, std::size_t n, int width,
               std::uint64_t* planes, std::size_t plane_stride_words) {
  Chunk chunk(n, width);
  for (std::size_t first = 0; first < n; first += chunk_rows) {
    const std::size_t count = std::min(chunk_rows, n - first);
    chunk.take_rows(rows + first * row_stride_words, row_stride_words, count);
    chunk.give_planes(planes + first / 64, plane_stride_words, count);
  }
}

void from_planes(const std::uint64_t* planes, std::size_t plane_stride_words, std::size_t n,
                 int width, std::uint64_t* rows, std::size_t row_stride_words) {
  Chunk chunk(n, width);
  for (std::size_t first = 0; first < n; first += chunk_rows) {
    const std::size_t count = std::min(chunk_rows, n - first);
    chunk.take_planes(planes + first / 64, plane_stride_words, count);
    chunk.give_rows(rows + first * row_stride_words, row_stride_words, count);
  }
}

}  // namespace polder
