#include "crypto/ot/bit_equations.h"

#include <algorithm>
#include <bit>

#include "base/bits.h"
#include "base/error.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "crypto/ot/bit_equations.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace polder {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Lanes = hn::CappedTag<std::uint64_t, 8>;

HWY_INLINE std::uint64_t bit(const std::uint64_t* row, std::size_t i) {
  return row[i / 64] >> i % 64 & 1;
}

/// Takes each settled equation, in order, off those of the batch that have its pivot.
void reduce(const std::uint64_t* settled, const std::size_t* pivots, std::size_t count,
            std::uint64_t* batch, std::size_t batch_size, std::size_t stride) {
  const Lanes lanes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t* equation = settled + i * stride;
    for (std::size_t r = 0; r < batch_size; ++r) {
      std::uint64_t* row = batch + r * stride;
      const auto mask = hn::Set(lanes, 0 - bit(row, pivots[i]));
      for (std::size_t w = 0; w < stride; w += hn::Lanes(lanes)) {
        const auto taken = hn::And(hn::LoadU(lanes, equation + w), mask);
        hn::StoreU(hn::Xor(hn::LoadU(lanes, row + w), taken), lanes, row + w);
      }
    }
  }
}

std::uint64_t combine(const std::uint64_t* row, const std::uint64_t* table, std::size_t n) {
  const Lanes lanes;
  const std::size_t step = hn::Lanes(lanes);
  const auto places = hn::Shl(hn::Set(lanes, 1), hn::Iota(lanes, 0));
  auto sum = hn::Zero(lanes);
  std::size_t i = 0;
  for (; i + step <= n; i += step) {
    const auto bits = hn::Set(lanes, row[i / 64] >> i % 64);
    const auto chosen = hn::TestBit(bits, places);
    sum = hn::Xor(sum, hn::IfThenElseZero(chosen, hn::LoadU(lanes, table + i)));
  }
  std::uint64_t words[8], total = 0;
  hn::StoreU(sum, lanes, words);
  for (std::size_t w = 0; w < step; ++w) total ^= words[w];
  for (; i < n; ++i) total ^= table[i] & (0 - bit(row, i));
  return total;
}

}  // namespace HWY_NAMESPACE
}  // namespace polder
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
// Gaussian elimination over GF(2), an equation at a time. With equations e_0 .. e_(i-1) settled,
// each with a pivot bit p_j, the next row r becomes r ^ (r[p_j] ? e_j : 0) for j = 0 .. i - 1, in
// order; its first bit that is left is its own pivot. So no settled equation has the pivot of an
// earlier one, and solving goes from the last back: x[p_i] = v_i ^ (the exclusive or of e_i's other
// unknowns).
//   x0 ^ x1 = 1         settled as it is, pivot 0
//   x0 ^ x2 = 0         less the first: x1 ^ x2 = 1, pivot 1
//   with x2 = 0, free: x1 = 1, then x0 = 1 ^ x1 = 0
namespace polder {
namespace {

HWY_EXPORT(reduce);
HWY_EXPORT(combine);

constexpr std::size_t batch = 8;
constexpr std::size_t line_words = 8;

}  // namespace

std::uint64_t combined(const std::uint64_t* row, std::span<const std::uint64_t> table) {
  return HWY_DYNAMIC_DISPATCH(combine)(row, table.data(), table.size());
}

BitEquations::BitEquations(std::size_t unknowns, std::size_t value_words)
    : unknowns_(unknowns),
      row_words_(words_for_bits(unknowns)),
      value_words_(value_words),
      stride_(ceil_div(row_words_ + value_words, line_words) * line_words),
      waiting_(batch * stride_) {}

void BitEquations::add(const std::uint64_t* row, std::span<const std::uint64_t> value) {
  std::uint64_t* own = waiting_.data() + waiting_count_ * stride_;
  std::copy_n(row, row_words_, own);
  own[row_words_ - 1] &= low_bits(unknowns_ - (row_words_ - 1) * 64);
  std::fill(own + row_words_, own + stride_, 0);
  std::copy_n(value.begin(), value_words_, own + row_words_);
  if (++waiting_count_ == batch) settle();
}

void BitEquations::settle() {
  HWY_DYNAMIC_DISPATCH(reduce)
  (settled_.data(), pivots_.data(), pivots_.size(), waiting_.data(), waiting_count_, stride_);
  for (std::size_t r = 0; r < waiting_count_; ++r) {
    std::uint64_t* row = waiting_.data() + r * stride_;
    pivots_.push_back(first_bit(row));
    settled_.insert(settled_.end(), row, row + stride_);
    HWY_DYNAMIC_DISPATCH(reduce)
    (row, &pivots_.back(), 1, row + stride_, waiting_count_ - r - 1, stride_);
  }
  waiting_count_ = 0;
}

std::size_t BitEquations::first_bit(const std::uint64_t* row) const {
  for (std::size_t w = 0; w < row_words_; ++w) {
    if (row[w] != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(row[w]));
  }
  fail(Code::internal, "OKVS: its keys gave dependent rows; run again");
}

void BitEquations::solve(std::span<std::uint64_t> table, std::size_t value_word) {
  settle();
  // A later equation has no earlier one's pivot: the last is solved first.
  for (std::size_t i = pivots_.size(); i-- > 0;) {
    const std::uint64_t* row = settled_.data() + i * stride_;
    std::uint64_t& unknown = table[pivots_[i]];
    unknown = 0;
    unknown = row[row_words_ + value_word] ^ combined(row, table);
  }
}

}  // namespace polder
#endif
