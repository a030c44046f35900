#include "ops/arithmetic/reciprocal.h"

#include <array>
#include <vector>

#include "base/error.h"
#include "ops/arithmetic/weighted_sum.h"
#include "ops/planes.h"

namespace polder {
namespace {

enum class Range { low, middle, high, large };

/// Which power of two scales a divisor with leading bit j.
struct Exponent {
  Range range;
  int value;
};

Exponent exponent(int leading) {
  if (leading > 60) return {Range::large, 63 - leading};
  const int t = 60 - leading;
  if (t >= Scaled::high_from) return {Range::high, t - Scaled::high_from};
  if (t >= Scaled::middle_from) return {Range::middle, t - Scaled::middle_from};
  return {Range::low, t};
}

constexpr int exponent_bits = 5;
// What is converted to numbers, in this order: the exponent's bits, then these flags.
constexpr std::size_t is_middle = exponent_bits, is_high = is_middle + 1, is_large = is_high + 1,
                      is_counted = is_large + 1, flag_count = is_counted + 1;

/// Where the leading bit has to be for a flag to be set.
std::array<Places, flag_count> leading_places(int width) {
  std::array<Places, flag_count> places;
  for (int j = 0; j < width; ++j) {
    const auto [range, value] = exponent(j);
    for (int b = 0; b < exponent_bits; ++b) {
      if ((value >> b & 1) != 0) places[static_cast<std::size_t>(b)].push_back(j);
    }
    if (range == Range::middle) places[is_middle].push_back(j);
    if (range == Range::high) places[is_high].push_back(j);
    if (range == Range::large) places[is_large].push_back(j);
    places[is_counted].push_back(j);
  }
  return places;
}

/// The leading bit is at one of these places: bit j is leading if set[j] but not set[j + 1], so
/// neighbours cancel out.
Bits leads(const Bits& set, const Places& at) {
  std::vector<bool> counts(static_cast<std::size_t>(set.width()) + 1, false);
  for (const int j : at) {
    counts[static_cast<std::size_t>(j)].flip();
    counts[static_cast<std::size_t>(j) + 1].flip();
  }
  Places odd;
  for (int j = 0; j < set.width(); ++j) {
    if (counts[static_cast<std::size_t>(j)]) odd.push_back(j);
  }
  return parity(set, odd);
}

/// All flags as numbers 0 or 1, n rows each.  2 rounds.
Arith flags(Protocol& mpc, const Bits& set, int width) {
  std::vector<Bits> columns;
  for (const Places& places : leading_places(width)) columns.push_back(leads(set, places));
  std::vector<const Bits*> parts;
  for (const Bits& column : columns) parts.push_back(&column);
  return mpc.to_arith(concat(parts));
}

constexpr std::uint64_t minus = ~std::uint64_t{0};

constexpr std::uint64_t two_to(int exponent) { return std::uint64_t{1} << exponent; }

/// 2^e from the bits of e: the product of 1 + e_b (2^(2^b) - 1).  3 rounds.
Arith power_of_two(Protocol& mpc, const Arith& flag, std::size_t n) {
  const auto factor = [&](std::size_t b) { return Term{&flag, two_to(1 << b) - 1, b * n}; };
  Arith pairs;
  {
    const Arith left = mpc.add(weighted_sums(n, {{factor(0)}, {factor(2)}}), 1);
    pairs = mpc.mul(left, mpc.add(weighted_sums(n, {{factor(1)}, {factor(3)}}), 1));
  }
  const Arith low = mpc.mul_each(n, {{&pairs}}, {{&pairs, n}});
  return mpc.mul(low, mpc.add(weighted_sum(n, {factor(4)}), 1));
}

}  // namespace

Scaled scaled(Protocol& mpc, const Arith& divisor, const Bits& set, int width) {
  const std::size_t n = divisor.size();
  Scaled scaled;
  {
    const Arith flag = flags(mpc, set, width), power = power_of_two(mpc, flag, n);
    scaled.powers =
        mpc.mul_each(n, {{&flag, is_middle * n}, {&flag, is_high * n}, {&flag, is_large * n}},
                     {{&power}, {&power}, {&power}});
    // Of a divisor that is left out, `power` is 2^0.
    scaled.low = mpc.add(weighted_sum(n, {{&power},
                                          {&scaled.powers, minus},
                                          {&scaled.powers, minus, n},
                                          {&scaled.powers, minus, 2 * n},
                                          {&flag, 1, is_counted * n}}),
                         minus);
    scaled.counts = slice(flag, is_counted * n, n);
  }
  const Arith power = weighted_sum(n, {{&scaled.low},
                                       {&scaled.powers, two_to(Scaled::middle_from)},
                                       {&scaled.powers, two_to(Scaled::high_from), n}});
  scaled.products = mpc.mul_each(n, {{&divisor}, {&divisor}}, {{&power}, {&scaled.powers, 2 * n}});
  scaled.whole = weighted_sum(n, {{&scaled.products, 8}, {&scaled.products, 1, n}});
  return scaled;
}

// With d = whole / 2^64 in [1/2, 1) and y = 3 - 4 d in [-1, 1]:
//   1/d = p h, p = (32/577) (y + 3) (y^2 + 8), h = 1 + (4 a g + 4 g^2) / (4 a^2 - 3), a = 577,
// up to a factor 1 + e, |e| <= 1 / T12(3) < 2^-29, where g = T4(y) = 1 - 8 y^2 (1 - y^2): the
// Chebyshev polynomial T12 = T3(T4) is the smallest on [-1, 1] for its value at y = 3 (d = 0), and
// d p h = 1 - T12(y) / T12(3). Errors: docs/protocols/division.md.
Arith reciprocal_of(Protocol& mpc, const Arith& y) {
  constexpr std::uint64_t c0 = 0x38ca50bfaad086e0;  // 2^66 (32/577)
  constexpr std::uint64_t c1 = 27054475716;         // c0 4 a / (4 a^2 - 3) / 2^18
  constexpr std::uint64_t c2 = 179;                 // c0 4 / (4 a^2 - 3) / 2^36
  const std::size_t n = y.size();
  // Each truncation is followed by + 1, so that its error lies around 0.
  const Arith square = mpc.add(mpc.mul_truncate_probabilistic(y, y, 28), 1);  // 28 fraction bits
  const Arith g = mpc.add(-mpc.mul_truncate_probabilistic(square, mpc.add(-square, two_to(28)), 35),
                          two_to(18) - 1);
  const Arith g_square = mpc.mul(g, g);
  const Arith h = mpc.add(
      mpc.truncate_probabilistic(mpc.add(weighted_sum(n, {{&g, c1}, {&g_square, c2}}), c0), 31), 1);
  const Arith p = mpc.add(mpc.mul_truncate_probabilistic(mpc.add(y, 3 * two_to(28)),
                                                         mpc.add(square, 8 * two_to(28)), 31),
                          1);
  return mpc.mul_truncate_probabilistic(p, h, 31);
}

}  // namespace polder
