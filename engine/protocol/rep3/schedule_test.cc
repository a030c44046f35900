#include "protocol/rep3/schedule.h"

#include <gtest/gtest.h>

#include <array>

#include "net/testing/delaying_channel.h"
#include "net/testing/memory_channel.h"

namespace polder::rep3 {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Schedule, NodesInALanKeepLittleUnderWay) {
  EXPECT_EQ(schedule_for(microseconds(20)).blocks.batches, 2u);
  EXPECT_EQ(schedule_for(microseconds(300)).blocks.batches, 2u);
}

TEST(Schedule, ARoundIsWorthMoreRowsTheLongerTheLatency) {
  EXPECT_EQ(schedule_for(microseconds(20)).rows_per_round, 200);
  EXPECT_EQ(schedule_for(microseconds(900)).rows_per_round, 9'000);
  EXPECT_EQ(schedule_for(milliseconds(10)).rows_per_round, 100'000);
}

TEST(Schedule, GrowsWithTheLatencyButNotForEver) {
  EXPECT_EQ(schedule_for(milliseconds(10)).blocks.batches, 42u);
  EXPECT_EQ(schedule_for(milliseconds(10)).pieces_in_flight, 14u);
  EXPECT_EQ(schedule_for(milliseconds(10)).inquiries.batches, 82u);
  EXPECT_EQ(schedule_for(milliseconds(10)).inquiries.starts, 12u);
  EXPECT_EQ(schedule_for(milliseconds(1000)).blocks.batches, 64u);
  EXPECT_EQ(schedule_for(milliseconds(1000)).inquiries.batches, 512u);
  EXPECT_EQ(schedule_for(milliseconds(1000)).pieces_in_flight, 32u);
}

// A node whose own uplink is fast may be ahead of the slow one: two rounds that it need not wait
// for once made it measure nothing.
TEST(Schedule, IsTheSameAtAllThreeWhenOneUplinkIsSlow) {
  MemoryRing ring;
  std::array<Schedule, 3> agreed;
  run_parties(ring, [&](Mesh& mesh) {
    const bool slow = mesh.role() == 0;
    Uplink uplink({.round_trip = milliseconds(slow ? 60 : 0), .bits_per_second = 1e9});
    Pump& pump = ring.pump(mesh.role());
    DelayingChannel next(mesh.next(), uplink, pump), prev(mesh.prev(), uplink, pump);
    Mesh delayed(mesh.role(), next, prev);
    agreed[static_cast<std::size_t>(mesh.role())] = agree_on_schedule(delayed);
  });
  for (const Schedule& schedule : agreed) {
    EXPECT_GE(schedule.blocks.batches, 20u);
    EXPECT_EQ(schedule.blocks.batches, agreed[0].blocks.batches);
    EXPECT_EQ(schedule.pieces_in_flight, agreed[0].pieces_in_flight);
  }
}

}  // namespace
}  // namespace polder::rep3
