#include "crypto/ot/largest_part.h"

#include <gtest/gtest.h>

#include <cmath>

namespace polder {
namespace {

/// log2 of the chance that one part's load is at least `from`, summed from the binomial
/// distribution.
double log2_tail(double n, double parts, double from) {
  double tail = 0;
  for (double x = from; x <= n; ++x) {
    const double term = std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) -
                                 x * std::log(parts) + (n - x) * std::log1p(-1 / parts));
    tail += term;
    if (term <= tail * 1e-18) break;
  }
  return std::log2(tail);
}

TEST(LargestPart, IsExceededAsSeldomAsItSays) {
  for (const double n : {10.0, 1e3, 1e5, 1e7, 1e9}) {
    for (const double parts : {2.0, 77.0, 8192.0}) {
      for (const int bits : {43, 50}) {
        const auto most =
            largest_part(static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(parts), bits);
        const double beyond = log2_tail(n, parts, static_cast<double>(most) + 1);
        EXPECT_LT(beyond + std::log2(parts), -bits) << n << " in " << parts;
        EXPECT_GE(static_cast<double>(most), n / parts);
      }
    }
  }
}

TEST(LargestPart, OfOnePartIsAll) {
  EXPECT_EQ(largest_part(0, 1, 43), 0u);
  EXPECT_EQ(largest_part(1000, 1, 43), 1000u);
}

TEST(LargestPart, IsNeverMoreThanAll) {
  for (const std::uint64_t n : {0, 1, 2, 40}) EXPECT_EQ(largest_part(n, 7, 43), n);
}

}  // namespace
}  // namespace polder
