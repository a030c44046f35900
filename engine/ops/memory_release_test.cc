// What operators hold at their peak, in multiples of the shares that they read and write: near, and
// far apart, where more is under way at once. Counted by the pool, so a busy machine does not
// matter.
#include <gtest/gtest.h>

#include <algorithm>

#include "ops/order/sorting_table_fixture.h"
#include "protocol/testing/recorded_run.h"

namespace polder {
namespace {

using namespace testing;
using std::chrono::milliseconds;

/// Peak of the three nodes together, never more than the sum of their peaks, while they get inputs
/// and `work` with them. What it returns counts as written.
template <typename Work>
std::size_t peak_of_one_run(milliseconds one_way, const Work& work) {
  const std::size_t before = pool_use().in_use_bytes;
  std::array<std::vector<Column>, 3> written;
  reset_pool_peak();
  run_at_distance(rep3::schedule_for(one_way), [&](Party& party) {
    written[static_cast<std::size_t>(party.role())] = work(party);
  });
  return pool_use().peak_bytes - before;
}

/// The least of three runs: frames wait in memory for a thread that the machine holds up, which is
/// no need of the operator's.
template <typename Work>
std::size_t peak_of(milliseconds one_way, const Work& work) {
  std::size_t least = peak_of_one_run(one_way, work);
  for (int again = 0; again < 2; ++again) {
    least = std::min(least, peak_of_one_run(one_way, work));
  }
  return least;
}

/// Two components of each bit at three nodes.
std::size_t bytes_of_shares(std::size_t rows, int row_bits) {
  return 3 * 2 * rows * static_cast<std::size_t>(row_bits) / 8;
}

void expect_peak_of_at_most(std::size_t times, milliseconds one_way, std::size_t n,
                            std::initializer_list<int> widths = {32, 64}) {
  for (const int width : widths) {
    const Values keys = sample(n, width, 1);
    const std::size_t peak = peak_of(one_way, [&](Party& party) {
      const Bits key = party.input_bits(keys, width);
      const std::vector<Column> payload{party.input(keys)};
      return sort(party.mpc(), {{{&key}}}, payload);
    });
    EXPECT_LE(peak, times * bytes_of_shares(n, width + 64 + 64))
        << n << " rows of " << width << " bits";
  }
}

TEST(SortMemory, StaysFarBelowEightTimesTheSharesInALan) {
  expect_peak_of_at_most(5, milliseconds(0), 200'000);
}

// It would be 15 times if digits of four bits were taken of so many rows.
TEST(SortMemory, StaysBelowEightTimesTheSharesDigitByDigit) {
  expect_peak_of_at_most(7, milliseconds(0), 200'000, {2, 4});
  expect_peak_of_at_most(7, milliseconds(10), 200'000, {2, 4});
}

// It would be 20 times if a step kept what it no longer needs.
TEST(SortMemory, StaysBelowEightTimesTheSharesInAWan) {
  expect_peak_of_at_most(8, milliseconds(10), 200'000);
  expect_peak_of_at_most(8, milliseconds(10), 1 << 17);
  expect_peak_of_at_most(10, milliseconds(10), 1 << 16);  // lines in memory hold all on its way
}

// It reads and writes less than a sort of as many rows does.
TEST(JoinMemory, StaysBelowEightTimesTheSharesInAWan) {
  const std::size_t n = 1 << 16;  // on each side
  const Values keys = sample(n, 64, 1), valid(n, 1);
  const std::size_t peak = peak_of(milliseconds(10), [&](Party& party) {
    const Bits key = party.input_bits(keys, 64), all = party.input_bits(valid, 1);
    return join(party.mpc(), {&key, &all}, {party.input(keys)}, {&key, &all}).columns;
  });
  EXPECT_LE(peak, 8 * bytes_of_shares(n, 65 + 64 + 65 + 65));
}

/// `work` in a LAN and in a WAN; row_bits: that it reads and writes. A few percent above
/// what was measured; the words of a party's last upload, 32 bits a row, are among it.
void expect_peak_of_at_most(double times, int row_bits,
                            const std::function<std::vector<Column>(Party&, const Values&)>& work) {
  const Values values = sample(200'000, 64, 1);
  const double shares = static_cast<double>(bytes_of_shares(values.size(), row_bits));
  for (const milliseconds one_way : {milliseconds(0), milliseconds(10)}) {
    const std::size_t peak = peak_of(one_way, [&](Party& party) { return work(party, values); });
    EXPECT_LE(static_cast<double>(peak) / shares, times) << one_way.count() << " ms";
  }
}

TEST(OperatorMemory, OfDivision) {
  expect_peak_of_at_most(8.6, 64 + 64 + 64 + 1, [](Party& party, const Values& values) {
    const Arith x = party.input(values), y = party.input(values);
    return answers(divide(party.mpc(), x, y, Sign::without)).columns;
  });
}

TEST(OperatorMemory, OfGroupSums) {
  expect_peak_of_at_most(5.3, 1 + 64 + 1 + 64, [](Party& party, const Values& values) {
    const Bits segment_flags = party.input_bits(sample(values.size(), 1, 2), 1);
    const GroupColumns columns{.first = {}, .last = {}, .sum = {party.input(values)}};
    return answers(group_rows(party.mpc(), segment_flags, columns)).columns;
  });
}

TEST(OperatorMemory, OfAShuffle) {
  expect_peak_of_at_most(2.1, 2 * (64 + 64), [](Party& party, const Values& values) {
    return shuffled(party.mpc(), {party.input(values), party.input_bits(values, 64)});
  });
}

TEST(OperatorMemory, OfSegmentedBroadcast) {
  expect_peak_of_at_most(3.4, 1 + 64 + 64, [](Party& party, const Values& values) {
    const Bits segment_flags = party.input_bits(sample(values.size(), 1, 2), 1),
               column = party.input_bits(values, 64);
    return std::vector<Column>{segmented_broadcast(party.mpc(), segment_flags, column)};
  });
}

}  // namespace
}  // namespace polder
