#include "ml/sigmoid.h"

#include <array>
#include <vector>

#include "base/error.h"
#include "ops/arithmetic/multiply.h"
#include "ops/arithmetic/weighted_sum.h"
#include "ops/compare/compare.h"

namespace polder {
namespace {

constexpr int x_bits = 24;      // fraction bits of what is given
constexpr int whole_bits = 20;  // of its magnitude
constexpr int v_bits = 28;  // fraction bits of the place within a piece, its powers, and the table
constexpr int piece_bits = 5;
constexpr std::size_t pieces = 20, degree = 6;
constexpr std::uint64_t one = std::uint64_t{1} << v_bits, minus = ~std::uint64_t{0};

// Of piece k the polynomial in v = |x| - (k + 1/2), lowest power first, that meets the function
// less 1/2 at the Chebyshev points; rounded to 28 fraction bits. sigmoid_test.cc measures its
// error.
constexpr std::array<std::array<std::int64_t, degree + 1>, pieces> table = {{
    {32872426, 63083302, -7725116, -4310079, 1170839, 296581, -138768},
    {85248249, 40036234, -12714483, 700214, 837065, -258732, -4401},
    {113854703, 18818315, -7981639, 1817411, -105567, -82590, 31645},
    {126349286, 7637797, -3595018, 1055760, -197321, 14606, 4350},
    {131268443, 2916881, -1426393, 454457, -103371, 16680, -1511},
    {133125159, 1088123, -539632, 176937, -42782, 8031, -1144},
    {133814757, 402366, -200579, 66454, -16414, 3232, -510},
    {134069343, 148303, -74070, 24634, -6131, 1227, -200},
    {134163121, 54596, -27287, 9088, -2268, 457, -75},
    {134197637, 20090, -10043, 3347, -836, 169, -28},
    {134210336, 7391, -3695, 1232, -308, 62, -10},
    {134215009, 2719, -1360, 453, -113, 23, -4},
    {134216728, 1000, -500, 167, -42, 8, -1},
    {134217360, 368, -184, 61, -15, 3, -1},
    {134217593, 135, -68, 23, -6, 1, 0},
    {134217678, 50, -25, 8, -2, 0, 0},
    {134217710, 18, -9, 3, -1, 0, 0},
    {134217721, 7, -3, 1, 0, 0, 0},
    {134217726, 2, -1, 0, 0, 0, 0},
    {134217727, 1, 0, 0, 0, 0, 0},
}};

/// One bit for each value of the lowest `count` bits.  count rounds of 2^count bits at most.
std::vector<Bits> one_hot(Protocol& mpc, const Bits& x, int first, int count) {
  const Bits top = bit(x, first + count - 1);
  if (count == 1) return {mpc.bit_not(top), top};
  const std::vector<Bits> rest = one_hot(mpc, x, first, count - 1);
  const Bits all = concat(std::span(rest));
  const std::vector<Bits> tops(rest.size(), top);
  const Bits high = mpc.bit_and(all, concat(std::span(tops)));
  const Bits low = all ^ high;
  std::vector<Bits> both;
  for (const Bits* half : {&low, &high}) {
    for (std::size_t i = 0; i < rest.size(); ++i)
      both.push_back(slice(*half, i * x.size(), x.size()));
  }
  return both;
}

/// Which piece a magnitude lies in, as numbers 0 or 1, one piece after the other; none: all 0. Then
/// the sign, 1 for minus.
Arith pieces_and_sign(Protocol& mpc, const Arith& x) {
  const Bits bits_of_x = polder::bits(mpc.to_bits(x), 0, x_bits + whole_bits + 1);
  const Bits sign = bit(bits_of_x, x_bits + whole_bits);
  // Of a negative number its magnitude or one unit less, which at the end of a piece is as good.
  const Bits magnitude =
      polder::bits(bits_of_x, 0, x_bits + whole_bits) ^ repeat_bit(sign, x_bits + whole_bits);
  const Bits inside =
      is_zero(mpc, polder::bits(magnitude, x_bits + piece_bits, whole_bits - piece_bits));
  std::vector<Bits> piece = one_hot(mpc, magnitude, x_bits, piece_bits);
  piece.resize(pieces);
  const std::vector<Bits> of_each(pieces, inside);
  const Bits hit = mpc.bit_and(concat(std::span(piece)), concat(std::span(of_each)));
  return mpc.to_arith(concat({&hit, &sign}));
}

/// v, v^2 ... v^6, one after the other.
Arith powers(Protocol& mpc, const Arith& v) {
  const std::size_t n = v.size();
  const auto products = [&](std::initializer_list<Factor> x, std::initializer_list<Factor> y) {
    return mpc.truncate(mpc.mul_each(n, x, y), v_bits);
  };
  const Arith second = products({{&v}}, {{&v}});
  const Arith next = products({{&second}, {&second}}, {{&v}, {&second}});
  const Arith last = products({{&next, n}, {&next, n}}, {{&v}, {&second}});
  return concat({&v, &second, &next, &last});
}

}  // namespace

Arith sigmoid(Protocol& mpc, const Arith& x, int fraction_bits) {
  require(fraction_bits >= 1 && fraction_bits <= v_bits, "sigmoid: fraction bits outside 1..28");
  const std::size_t n = x.size();
  const Arith flags = pieces_and_sign(mpc, x);
  const Arith sign = slice(flags, pieces * n, n);
  const Arith negative = mpc.mul(x, sign);
  // Beyond the pieces v is anything, and all coefficients 0.
  Arith v = weighted_sum(n, {{&x, one >> x_bits}, {&negative, minus * 2 * (one >> x_bits)}});
  std::vector<Arith> coefficients(degree + 1, mpc.constant(n, 0));
  coefficients[0] = mpc.constant(n, one / 2);
  for (std::size_t k = 0; k < pieces; ++k) {
    const Arith hit = slice(flags, k * n, n);
    v = v - hit * (k * one + one / 2);
    for (std::size_t i = 0; i <= degree; ++i) {
      const auto beyond = static_cast<std::int64_t>(i == 0 ? one / 2 : 0);
      coefficients[i] = coefficients[i] + hit * static_cast<std::uint64_t>(table[k][i] - beyond);
    }
  }
  const Arith power = powers(mpc, v), coefficient = concat(std::span(coefficients).subspan(1));
  std::vector<Factor> left, right;
  for (std::size_t i = 0; i < degree; ++i) {
    left.push_back({&coefficient, i * n});
    right.push_back({&power, i * n});
  }
  // |x|'s, less 1/2, turned over for negative x.
  const Arith above =
      mpc.truncate(mpc.mul_sum(n, std::span<const Factor>(left), std::span<const Factor>(right)),
                   v_bits) +
      coefficients[0];
  const Arith turned = mpc.mul(above, sign);
  const Arith value = mpc.add(weighted_sum(n, {{&above}, {&turned, minus * 2}}), one / 2);
  const int cut = v_bits - fraction_bits;
  if (cut == 0) return value;
  return mpc.truncate(mpc.add(value, std::uint64_t{1} << (cut - 1)), cut);
}

}  // namespace polder
