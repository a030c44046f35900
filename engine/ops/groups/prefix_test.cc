#include "ops/groups/prefix.h"

#include <numeric>

#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

class Prefix : public Operator {};

template <typename Combine>
Values running(const Values& x, Combine&& combine) {
  Values expected(x.size());
  std::inclusive_scan(x.begin(), x.end(), expected.begin(), combine);
  return expected;
}

/// Rarely set bits, so that the running or does not fill up at once.
Values rare(std::size_t n, unsigned seed) {
  Values x = sample(n, 64, seed);
  for (auto& value : x) value = value % 100 == 7 ? std::uint64_t{1} << value / 100 % 13 : 0;
  return x;
}

TEST_P(Prefix, RunsOrsAndAnds) {
  for (const std::size_t n : {0, 1, 2, 3, 1003, 70001}) {
    const Values x = rare(n, 1), inverted = each(x, [](auto a) { return a ^ 0x1fff; });
    EXPECT_EQ(bits([&](Party& p) { return prefix_or(p.mpc(), p.input_bits(x, 13)); }),
              running(x, std::bit_or{}));
    EXPECT_EQ(bits([&](Party& p) { return prefix_and(p.mpc(), p.input_bits(inverted, 13)); }),
              running(inverted, std::bit_and{}));
  }
}

TEST_P(Prefix, RunsMaxAndMin) {
  for (const std::size_t n : {0, 1, 2, 1003}) {
    for (const int width : {1, 9, 64}) {
      Values x = sample(n, width, 2);
      for (std::size_t i = 0; i < n; ++i) x[i] = (x[i] >> 1) / (n - i) + i / 2 * (width > 1);
      for (auto& value : x) value &= low_bits(static_cast<std::size_t>(width));
      const auto less = [=](auto a, auto b) { return as_signed(a, width) < as_signed(b, width); };
      const auto column = [&](Party& p) { return p.input_bits(x, width); };
      EXPECT_EQ(bits([&](Party& p) { return running_max(p.mpc(), column(p)); }),
                running(x, [](auto a, auto b) { return std::max(a, b); }));
      EXPECT_EQ(bits([&](Party& p) { return running_min(p.mpc(), column(p)); }),
                running(x, [](auto a, auto b) { return std::min(a, b); }));
      EXPECT_EQ(bits([&](Party& p) { return running_max(p.mpc(), column(p), Sign::with); }),
                running(x, [&](auto a, auto b) { return less(a, b) ? b : a; }));
      EXPECT_EQ(bits([&](Party& p) { return running_min(p.mpc(), column(p), Sign::with); }),
                running(x, [&](auto a, auto b) { return less(a, b) ? a : b; }));
    }
  }
}

POLDER_EVERY_PROTOCOL(Prefix);

}  // namespace
}  // namespace polder
