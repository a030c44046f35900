// What the operators' tests share: sizes and values worth trying, and a frame that runs an operator
// under every protocol and opens its answer.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "protocol/testing/every_protocol.h"

namespace polder::testing {

using Values = std::vector<std::uint64_t>;

/// Nothing, one, two, odd, and more than two blocks of rows.
inline constexpr std::size_t edge_sizes[] = {0, 1, 2, 1003, 70001};

/// Random values of `width` bits, every third an extreme: 0, 1, the greatest, the edges of the
/// sign.
inline Values sample(std::size_t n, int width, unsigned seed) {
  std::mt19937_64 draw(seed);
  const std::uint64_t top = low_bits(static_cast<std::size_t>(width));
  const Values extremes{0, 1, top, top >> 1, (top >> 1) + 1, top - 1};
  Values values(n);
  for (std::size_t i = 0; i < n; ++i) {
    values[i] = (i % 3 == 0 ? extremes[draw() % extremes.size()] : draw()) & top;
  }
  return values;
}

/// As `sample`, but of magnitudes spread over all bit lengths.
inline Values spread_sample(std::size_t n, unsigned seed) {
  std::mt19937_64 draw(seed);
  Values values = sample(n, 64, seed + 1000);
  for (std::size_t i = 1; i < n; i += 2) values[i] = draw() >> draw() % 64;
  return values;
}

/// The low `width` bits of `value` as a signed number.
inline std::int64_t as_signed(std::uint64_t value, int width) {
  return static_cast<std::int64_t>(value << (64 - width)) >> (64 - width);
}

inline Values opened(Party& party, const Column& column) {
  const Words words = std::holds_alternative<Bits>(column)
                          ? party.mpc().open(std::get<Bits>(column), all_nodes).rows()
                          : party.mpc().open(std::get<Arith>(column), all_nodes);
  return Values(words.begin(), words.end());
}

class Operator : public ::testing::TestWithParam<std::string> {
 protected:
  /// What `work` returns, opened.
  Values arith(const std::function<Arith(Party&)>& work) {
    Values opened;
    run(GetParam(), [&](Party& party) {
      const Words words = party.mpc().open(work(party), all_nodes);
      if (party.role() == 0) opened.assign(words.begin(), words.end());
    });
    return opened;
  }
  Values bits(const std::function<Bits(Party&)>& work) {
    Values opened;
    run(GetParam(), [&](Party& party) {
      const Words words = party.mpc().open(work(party), all_nodes).rows();
      if (party.role() == 0) opened.assign(words.begin(), words.end());
    });
    return opened;
  }
};

/// Row by row: oracle(x[i], y[i]).
template <typename Oracle>
Values each(const Values& x, const Values& y, Oracle&& oracle) {
  Values expected(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    expected[i] = static_cast<std::uint64_t>(oracle(x[i], y[i]));
  return expected;
}

template <typename Oracle>
Values each(const Values& x, Oracle&& oracle) {
  return each(x, x, [&](std::uint64_t value, std::uint64_t) { return oracle(value); });
}

}  // namespace polder::testing

/// Runs the tests of `fixture`, a class derived from Operator, under every protocol.
#define POLDER_EVERY_PROTOCOL(fixture)                                                             \
  INSTANTIATE_TEST_SUITE_P(All, fixture, ::testing::ValuesIn(::polder::testing::every_protocol()), \
                           [](const auto& test) { return test.param; })
