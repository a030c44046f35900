// What a sort holds at its peak, in multiples of the shares that it reads and writes: near, and far
// apart, where more is under way at once. Counted by the pool, so a busy machine does not matter.
#include <gtest/gtest.h>

#include "ops/operator_fixture.h"
#include "ops/sort.h"
#include "protocol/testing/rep3_party.h"

namespace polder {
namespace {

using namespace testing;
using std::chrono::milliseconds;

/// Peak of the three nodes together: never more than the sum of their peaks.
std::size_t peak_of_sort(milliseconds one_way, const Values& keys, int width) {
  const std::size_t before = pool_use().in_use_bytes;
  std::array<std::vector<Column>, 3> sorted;  // counts as written while it lasts
  reset_pool_peak();
  run_at_distance(rep3::schedule_for(one_way), [&](Party& party) {
    const Bits key = party.input_bits(keys, width);
    const std::vector<Column> payload{party.input(keys)};
    sorted[static_cast<std::size_t>(party.role())] = sort(party.mpc(), {{{&key}}}, payload);
  });
  return pool_use().peak_bytes - before;
}

void expect_peak_of_at_most(std::size_t times, milliseconds one_way, std::size_t n) {
  for (const int width : {32, 64}) {
    const std::size_t row_bits = 2 * (static_cast<std::size_t>(width) + 64 + 64);
    const std::size_t shares = 3 * n * row_bits / 8;
    EXPECT_LE(peak_of_sort(one_way, sample(n, width, 1), width), times * shares)
        << n << " rows of " << width << " bits";
  }
}

TEST(SortMemory, StaysFarBelowEightTimesTheSharesBetweenNearNodes) {
  expect_peak_of_at_most(5, milliseconds(0), 200'000);
}

// It would be 20 times if a step kept what it no longer needs.
TEST(SortMemory, StaysBelowEightTimesTheSharesBetweenFarNodes) {
  expect_peak_of_at_most(8, milliseconds(10), 200'000);
  expect_peak_of_at_most(10, milliseconds(10), 1 << 16);  // lines in memory hold all on its way
}

}  // namespace
}  // namespace polder
