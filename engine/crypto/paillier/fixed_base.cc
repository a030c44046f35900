#include "crypto/paillier/fixed_base.h"

#include <gmp.h>

#include <algorithm>

#include "base/bits.h"
#include "base/error.h"
#include "base/parallel.h"
#include "crypto/paillier/montgomery_lanes.h"

namespace polder {
namespace {

constexpr std::size_t window_bits = 6, window_size = 64;

std::uint64_t digit_of(const std::uint64_t* exponent, std::size_t words, std::size_t window) {
  const std::size_t low = window * window_bits, word = low / 64, shift = low % 64;
  std::uint64_t digit = exponent[word] >> shift;
  if (shift > 64 - window_bits && word + 1 < words) digit |= exponent[word + 1] << (64 - shift);
  return digit % window_size;
}

}  // namespace

FixedBase::FixedBase(const Modulus& modulus, const Power& power)
    : modulus_(modulus),
      exponent_words_(static_cast<std::size_t>(power.exponent_bits) / 64),
      windows_(ceil_div(static_cast<std::size_t>(power.exponent_bits), window_bits)) {
  require(power.exponent_bits > 0 && power.exponent_bits % 64 == 0,
          "fixed base: exponents are whole words");
  make_table(power);
}

void FixedBase::make_table(const Power& power) {
  const std::size_t w = modulus_.words();
  table_.resize(windows_ * window_size * w);
  Words scratch(modulus_.scratch_words()), step = modulus_.enter(power.base);
  Words first = modulus_.enter(power.factor);
  for (std::size_t window = 0; window < windows_; ++window) {
    std::uint64_t* entry = &table_[window * window_size * w];
    std::ranges::copy(first, entry);
    for (std::size_t d = 1; d < window_size; ++d, entry += w) {
      modulus_.multiply_one(entry, step.data(), entry + w, scratch.data());
    }
    for (std::size_t k = 0; k < window_bits; ++k) {
      modulus_.multiply_one(step.data(), step.data(), step.data(), scratch.data());
    }
    first = modulus_.power_of_r(1);
  }
  if (modulus_.lanes()) table_ = modulus_.lanes()->table(table_);
}

void FixedBase::power(const std::uint64_t* exponents, std::uint64_t* out, std::size_t count) const {
  const std::size_t w = modulus_.words();
  Bytes digits(count * windows_);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t window = 0; window < windows_; ++window) {
      digits[i * windows_ + window] = static_cast<std::uint8_t>(
          digit_of(exponents + i * exponent_words_, exponent_words_, window));
    }
  }
  parallel_ranges(count, 8, [&](std::size_t begin, std::size_t end) {
    if (modulus_.lanes()) {
      return modulus_.lanes()->fixed_base(table_,
                                          {&digits[begin * windows_], (end - begin) * windows_},
                                          out + begin * w, end - begin);
    }
    Words scratch(modulus_.scratch_words()), factor(w);
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t window = 0; window < windows_; ++window) {
        const std::uint64_t* entries = &table_[window * window_size * w];
        mpn_sec_tabselect(factor.data(), entries, static_cast<mp_size_t>(w), window_size,
                          digits[i * windows_ + window]);
        if (window == 0) {
          std::ranges::copy(factor, out + i * w);
        } else {
          modulus_.multiply_one(out + i * w, factor.data(), out + i * w, scratch.data());
        }
      }
    }
  });
}

}  // namespace polder
