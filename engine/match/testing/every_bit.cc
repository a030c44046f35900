#include "match/testing/every_bit.h"

#include <gtest/gtest.h>

#include "base/bits.h"

namespace polder::testing {

void expect_every_bit_drawn(std::span<const std::uint64_t> numbers, int bits) {
  const std::uint64_t all = low_bits(static_cast<std::size_t>(bits));
  std::uint64_t ones = 0, zeros = 0;
  for (const std::uint64_t number : numbers) ones |= number, zeros |= ~number;
  EXPECT_EQ(ones & all, all) << "bits that are never 1";
  EXPECT_EQ(zeros & all, all) << "bits that are never 0";
}

}  // namespace polder::testing
