#include "ops/arithmetic/divide.h"

#include <utility>

#include "base/error.h"
#include "ops/arithmetic/reciprocal.h"
#include "ops/arithmetic/weighted_sum.h"

namespace polder {
namespace {

constexpr std::uint64_t minus = ~std::uint64_t{0};

constexpr std::uint64_t two_to(int exponent) { return std::uint64_t{1} << exponent; }

/// A dividend below 2^64, and its leading bits: floor(value / 2^34), off by at most 2.
struct Dividend {
  const Arith& value;
  Arith tops;
};

/// x / small = first 2^-18 + second 2^-39 + third 2^-64, each to about one in its last place;
/// `third_short` is the third with 19 bits instead of 25.
struct Digits {
  Arith first, second, third, third_short;
};

/// floor(x / 2^34) for 0 <= x < 2^63, or one less.
Arith tops(Protocol& mpc, Arith x) {
  return mpc.add(mpc.truncate_probabilistic(mpc.add(std::move(x), 0 - two_to(62)), 34), two_to(28));
}

/// x 2^by - digit * small: what is left to divide, with its leading bits at the same place again.
Arith left_over(Protocol& mpc, const Arith& x, int by, const Arith& digit, Factor small) {
  const Arith taken = mpc.mul_each(x.size(), {{&digit}}, {small});
  return weighted_sum(x.size(), {{&x, two_to(by)}, {&taken, minus}});
}

/// x * y / 2^shift to about one.
Arith rounded_product(Protocol& mpc, const Arith& x, const Arith& y, int shift) {
  return mpc.add(mpc.mul_truncate_probabilistic(x, y, shift), 1);
}

/// Leaves of y only the powers.
Digits digits(Protocol& mpc, Dividend x, Scaled& y) {
  // whole - 3 2^62 = whole + 2^62 is between -2^62 and 2^62. But for divisors of 0, and unsigned
  // ones from 2^63 on, whole is 0 and this is 2^62, for which truncate_probabilistic answers
  // anything: all their powers are 0, so whatever comes of it is multiplied by 0.
  const Arith inverse = reciprocal_of(
      mpc, -mpc.truncate_probabilistic(mpc.add(std::exchange(y.whole, {}), two_to(62)), 34));
  Digits digits;
  digits.first = rounded_product(mpc, std::exchange(x.tops, {}), inverse, 38);
  Arith left = left_over(mpc, x.value, 18, digits.first, y.small());
  digits.second = rounded_product(mpc, mpc.truncate_probabilistic(left, 31), inverse, 38);
  left = left_over(mpc, left, 21, digits.second, y.small());
  y.products = {};
  const Arith third = mpc.mul(mpc.truncate_probabilistic(std::exchange(left, {}), 31), inverse);
  digits.third = mpc.add(mpc.truncate_probabilistic(third, 34), 1);
  digits.third_short = mpc.add(mpc.truncate_probabilistic(third, 40), 1);
  return digits;
}

/// A quotient's digits before the point, and what is cut by it in 40 fraction bits.
struct Parts {
  Arith whole, cut;
};

Parts parts(Protocol& mpc, Dividend x, Scaled y) {
  const std::size_t n = x.value.size();
  const Digits digit = digits(mpc, std::move(x), y);
  const Arith before = weighted_sum(n, {{&digit.first, two_to(21)}, {&digit.second}});
  Arith whole = mpc.mul_sum(n, {y.middle(), y.high()}, {{&digit.first}, {&before}});
  // Of large, low, middle and high divisors.
  const Arith cut = weighted_sums(n, {{{&digit.first, two_to(19)}},
                                      {{&digit.first, two_to(22)}, {&digit.second, 2}},
                                      {{&digit.second, two_to(19)}, {&digit.third_short}},
                                      {{&digit.third, two_to(15)}}});
  Arith cut_part = mpc.mul_sum(n, {y.large(), {&y.low}, y.middle(), y.high()},
                               {{&cut}, {&cut, n}, {&cut, 2 * n}, {&cut, 3 * n}});
  return {std::move(whole), std::move(cut_part)};
}

/// The quotient or one more; 0 for a divisor that is left out. The exact truncation comes when
/// digits and scale are gone: all together would be the peak of memory.
Arith estimated(Protocol& mpc, Dividend x, Scaled y) {
  constexpr std::uint64_t above = two_to(38);  // 1/4, so that no error makes it too small
  Parts quotient = parts(mpc, std::move(x), std::move(y));
  return quotient.whole + mpc.truncate(mpc.add(std::move(quotient.cut), above), 40);
}

/// What x lacks of, or has above, `quotient` times y.
Arith remainder(Protocol& mpc, const Arith& x, const Arith& quotient, const Arith& y) {
  const Arith taken = mpc.mul(quotient, y);
  return weighted_sum(x.size(), {{&x}, {&taken, minus}});
}

/// (quotient - one_too_many) * factor.
Arith put_right(Protocol& mpc, const Arith& quotient, const Bits& one_too_many,
                const Arith& factor) {
  const Arith less = mpc.to_arith(one_too_many);
  return mpc.mul(weighted_sum(less.size(), {{&quotient}, {&less, minus}}), factor);
}

// Magnitudes are at most 2^63, and so the remainder of a quotient that may be one too many is in
// -2^63 .. 2^63 - 1: its sign tells.
Quotient divide_signed(Protocol& mpc, const Arith& x, const Arith& y) {
  const std::size_t n = x.size();
  Arith dividend, divisor, top_bits, sign;  // the quotient's sign: 0, or 1 for minus
  {
    const Bits negative = mpc.to_bit(concat({&x, &y}), 63);
    const Bits differ = slice(negative, 0, n) ^ slice(negative, n, n);
    const Arith signs = mpc.to_arith(concat({&negative, &differ}));  // of x, of y, of x / y
    const Arith changes = mpc.mul_each(n, {{&x}, {&y}}, {{&signs}, {&signs, n}});
    dividend = weighted_sum(n, {{&x}, {&changes, minus * 2}});
    divisor = weighted_sum(n, {{&y}, {&changes, minus * 2, n}});
    // One less than the magnitude of negative numbers is below 2^63 for all.
    top_bits = tops(mpc, weighted_sum(n, {{&dividend}, {&signs, minus}}));
    sign = slice(signs, 2 * n, n);
  }
  Bits set = mpc.suffix_or(mpc.to_bits(divisor));
  Scaled scale = scaled(mpc, divisor, set, 64);
  set = bit(set, 0);
  const Arith changed = mpc.mul(scale.counts, std::exchange(sign, {}));
  const Arith factor = weighted_sum(n, {{&scale.counts}, {&changed, minus * 2}});  // -1, 0 or 1
  scale.counts = {};
  const Arith quotient = estimated(mpc, {dividend, std::move(top_bits)}, std::move(scale));
  const Bits too_many = mpc.to_bit(remainder(mpc, dividend, quotient, divisor), 63);
  return {put_right(mpc, quotient, too_many, factor), std::move(set)};
}

// Divisors of 2^63 and more are left out and their quotient taken to be 1. For them the remainder's
// sign tells only for dividends that are as large; smaller ones are too small.
Quotient divide_unsigned(Protocol& mpc, const Arith& x, const Arith& y) {
  const std::size_t n = x.size();
  const Bits x_top = mpc.to_bit(x, 63);
  Bits set = mpc.to_bits(y);
  const Bits y_top = bit(set, 63), small_by_large = mpc.bit_and(mpc.bit_not(x_top), y_top);
  set = mpc.suffix_or(set);
  Scaled scale = scaled(mpc, y, set, 63);
  set = bit(set, 0);

  const Arith large = mpc.to_arith(concat({&x_top, &y_top}));
  Arith top_bits = tops(mpc, weighted_sum(n, {{&x}, {&large, two_to(63)}}));
  top_bits = weighted_sum(n, {{&top_bits}, {&large, two_to(29)}});
  const Arith defined = weighted_sum(n, {{&scale.counts}, {&large, 1, n}});
  scale.counts = {};
  const Arith estimate = estimated(mpc, {x, std::move(top_bits)}, std::move(scale));
  const Arith quotient = weighted_sum(n, {{&estimate}, {&large, 1, n}});
  const Bits fits = mpc.bit_not(mpc.to_bit(remainder(mpc, x, quotient, y), 63));
  const Bits too_many = mpc.bit_not(mpc.bit_and(fits, mpc.bit_not(small_by_large)));
  return {put_right(mpc, quotient, too_many, defined), std::move(set)};
}

}  // namespace

Quotient divide(Protocol& mpc, const Arith& x, const Arith& y, Sign sign) {
  require(x.size() == y.size(), "divide: columns of different length");
  return sign == Sign::with ? divide_signed(mpc, x, y) : divide_unsigned(mpc, x, y);
}

Quotient divide_fixed(Protocol& mpc, const Arith& x, const Arith& y, int fraction_bits) {
  require(fraction_bits >= 0 && fraction_bits <= 62, "divide_fixed: fraction bits outside 0..62");
  return divide(mpc, x * two_to(fraction_bits), y, Sign::with);
}

Quotient reciprocal(Protocol& mpc, const Arith& x, int fraction_bits) {
  require(fraction_bits >= 0 && fraction_bits <= 31, "reciprocal: fraction bits outside 0..31");
  return divide(mpc, mpc.constant(x.size(), two_to(2 * fraction_bits)), x, Sign::with);
}

}  // namespace polder
