#include "ops/divide.h"

#include "base/error.h"
#include "ops/leading_bit.h"
#include "ops/planes.h"
#include "ops/reciprocal.h"
#include "ops/weighted_sum.h"

namespace polder {
namespace {

constexpr std::uint64_t minus = ~std::uint64_t{0};

constexpr std::uint64_t two_to(int exponent) { return std::uint64_t{1} << exponent; }

/// A dividend from 0 to 2^63; the estimate is that, or one less, and below 2^63.
struct Dividend {
  Arith value, estimate;
};

/// x / small = first 2^-18 + second 2^-39 + third 2^-64, each to about one in its last place;
/// `third_short` is the third with 19 bits instead of 25.
struct Digits {
  Arith first, second, third, third_short;
};

/// x 2^by - digit * small: what is left to divide, with its leading bits at the same place again.
Arith left_over(Protocol& mpc, const Arith& x, int by, const Arith& digit, const Arith& small) {
  const Arith taken = mpc.mul(digit, small);
  return weighted_sum(x.size(), {{&x, two_to(by)}, {&taken, minus}});
}

/// The digit of `left`, which is below 2^62: its leading bits times the reciprocal.
Arith leading_product(Protocol& mpc, const Arith& left, const Arith& inverse) {
  return mpc.mul(mpc.truncate_near(left, 31), inverse);
}

Arith rounded(Protocol& mpc, const Arith& x, int shift) {
  return mpc.add(mpc.truncate_near(x, shift), 1);
}

Digits digits(Protocol& mpc, const Dividend& x, const Scaled& y) {
  const std::size_t n = x.value.size();
  // whole and the dividend move to -2^62 .. 2^62 (2^64 - 3 2^62 = 2^62); y's divisor is 3 - 4 d.
  const Arith centred = mpc.add(y.whole, two_to(62)), below = mpc.add(x.estimate, 0 - two_to(62));
  const Arith tops = mpc.truncate_near(concat({&centred, &below}), 34);
  const Arith inverse = reciprocal_of(mpc, -slice(tops, 0, n));
  Digits digits;
  const Arith top = mpc.add(slice(tops, n, n), two_to(28));
  digits.first = rounded(mpc, mpc.mul(top, inverse), 38);
  Arith left = left_over(mpc, x.value, 18, digits.first, y.small);
  digits.second = rounded(mpc, leading_product(mpc, left, inverse), 38);
  left = left_over(mpc, left, 21, digits.second, y.small);
  const Arith third = leading_product(mpc, left, inverse);
  digits.third = rounded(mpc, third, 34);
  digits.third_short = rounded(mpc, third, 40);
  return digits;
}

/// The quotient or one more, where `defined`.
Arith estimated(Protocol& mpc, const Dividend& x, const Scaled& y) {
  constexpr std::uint64_t above = two_to(38);  // 1/4, so that no error makes it too small
  const std::size_t n = x.value.size();
  const Digits digit = digits(mpc, x, y);
  const Arith whole_digits = weighted_sum(n, {{&digit.first, two_to(21)}, {&digit.second}});
  const Arith whole_part = mpc.mul_sum({&y.middle, &y.high}, {&digit.first, &whole_digits});
  // The digits that are cut by the point, in 40 fraction bits.
  const Arith large = digit.first * two_to(19);
  const Arith low = weighted_sum(n, {{&digit.first, two_to(22)}, {&digit.second, 2}});
  const Arith middle = weighted_sum(n, {{&digit.second, two_to(19)}, {&digit.third_short}});
  const Arith high = digit.third * two_to(15);
  const Arith cut =
      mpc.mul_sum({&y.large, &y.low, &y.middle, &y.high}, {&large, &low, &middle, &high});
  return whole_part + mpc.truncate(mpc.add(cut, above), 40);
}

/// The quotient, where `y.defined`.
Arith magnitude_quotient(Protocol& mpc, const Dividend& x, const Arith& divisor, const Scaled& y) {
  const std::size_t n = x.value.size();
  const Arith quotient = estimated(mpc, x, y), taken = mpc.mul(quotient, divisor);
  const Arith left = weighted_sum(n, {{&x.value}, {&taken, minus}});
  const Arith one_too_many = mpc.to_arith(mpc.to_bit(left, 63));
  return weighted_sum(n, {{&quotient}, {&one_too_many, minus}});
}

Quotient divide_signed(Protocol& mpc, const Arith& x, const Arith& y) {
  const std::size_t n = x.size();
  const Bits negative = mpc.to_bit(concat({&x, &y}), 63);
  const Bits x_negative = slice(negative, 0, n), differ = x_negative ^ slice(negative, n, n);
  const Arith signs = mpc.to_arith(concat({&negative, &differ}));  // of x, of y, of x / y
  const Arith changes = mpc.mul(concat({&x, &y}), slice(signs, 0, 2 * n));
  const Arith size = weighted_sums(n, {{{&x}, {&changes, minus * 2}},  //
                                       {{&y}, {&changes, minus * 2, n}}});
  const Dividend dividend{slice(size, 0, n), weighted_sum(n, {{&size}, {&signs, minus}})};
  const Arith divisor = slice(size, n, n);

  const Bits leading = leading_bit(mpc, mpc.to_bits(divisor));
  const Scaled scale = scaled(mpc, divisor, leading);
  const Arith changed = mpc.mul(scale.defined, slice(signs, 2 * n, n));
  const Arith sign = weighted_sum(n, {{&scale.defined}, {&changed, minus * 2}});  // -1, 0 or 1
  return {mpc.mul(magnitude_quotient(mpc, dividend, divisor, scale), sign), parity(leading)};
}

/// floor(x / 2), x unsigned.
Arith half(Protocol& mpc, Arith x) {
  return mpc.add(mpc.truncate(mpc.add(std::move(x), two_to(63)), 1), two_to(62));
}

// Half the dividend is below 2^63; twice its quotient is the quotient or one less. (A divisor of
// 2^63 or more goes into half a dividend 0 times, so its bit 63 is left out there.)
Quotient divide_unsigned(Protocol& mpc, const Arith& x, const Arith& y) {
  const std::size_t n = x.size();
  const Arith halved = half(mpc, x);
  const Bits divisor = mpc.to_bits(y), leading = leading_bit(mpc, divisor);
  const Scaled scale = scaled(mpc, y, bits(leading, 0, 63));
  const Arith quotient =
      mpc.mul(magnitude_quotient(mpc, {halved, halved}, y, scale), scale.defined);

  const Arith taken = mpc.mul(quotient, y);
  const Arith left =
      weighted_sums(n, {{{&x}, {&taken, minus * 2}}, {{&x}, {&taken, minus * 2}, {&y, minus}}});
  const Bits tops = mpc.to_bit(left, 63), x_top = slice(tops, 0, n), y_top = bit(divisor, 63);
  const Bits difference = slice(tops, n, n);
  // left < y: where their top bits differ y's decides, else the difference cannot overflow.
  const Bits below = difference ^ mpc.both(x_top ^ y_top, y_top ^ difference);
  const Bits defined = parity(leading);
  const Arith more = mpc.to_arith(mpc.both(mpc.invert(below), defined));
  return {weighted_sum(n, {{&quotient, 2}, {&more}}), defined};
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
