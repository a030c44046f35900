#include <gtest/gtest.h>

#include <thread>

#include "net/testing/delaying_channel.h"
#include "net/testing/faulty_channel.h"
#include "net/testing/recording_channel.h"
#include "net/testing/test_support.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::End;
using testing::expect_error;
using testing::thrown_by;

struct Pair {
  explicit Pair(std::pair<Socket, Socket> ends = socket_pair())
      : ours(std::move(ends.first), 0, 1), theirs(std::move(ends.second), 1, 0) {}
  End ours;
  End theirs;
};

// ---- recording

TEST(Recording, HoldsLinesDirectionsAndLengthsInOrder) {
  Pair pair;
  Recording recording;
  RecordingChannel channel(pair.ours.channel, "next", recording);
  channel.send(Bytes(5));
  pair.theirs.channel.send(Bytes(9));
  Bytes got(9);
  channel.receive(got);
  channel.send({});
  using Direction = Recording::Direction;
  const std::vector<Recording::Frame> expected{
      {"next", Direction::sent, 5}, {"next", Direction::received, 9}, {"next", Direction::sent, 0}};
  EXPECT_EQ(recording.frames(), expected);
}

TEST(Recording, HashTellsBytesAndTheirCutsApart) {
  const auto hash_of = [](std::vector<Bytes> payloads) {
    Recording recording(Recording::Keep::hashes);
    for (const Bytes& each : payloads) recording.note("x", Recording::Direction::sent, each);
    return recording.hash(Recording::Direction::sent);
  };
  EXPECT_EQ(hash_of({{1, 2}, {3}}), hash_of({{1, 2}, {3}}));
  EXPECT_NE(hash_of({{1, 2}, {3}}), hash_of({{1}, {2, 3}}));
  EXPECT_NE(hash_of({{1, 2}, {3}}), hash_of({{1, 2}, {4}}));
}

TEST(Recording, KeepsTheBytesWhenAsked) {
  Pair pair;
  Recording recording(Recording::Keep::bytes);
  RecordingChannel channel(pair.ours.channel, "next", recording);
  channel.send(Bytes{1, 2, 3});
  channel.send(Bytes{4});
  EXPECT_EQ(recording.bytes(Recording::Direction::sent), (Bytes{1, 2, 3, 4}));
  EXPECT_TRUE(recording.bytes(Recording::Direction::received).empty());
}

TEST(Recording, SeesWhatAnExchangeBorrows) {
  Pair pair;
  Recording recording;
  RecordingChannel channel(pair.ours.channel, "next", recording);
  pair.theirs.channel.send(Bytes(2));
  Bytes got(2);
  exchange(channel, Bytes(7), channel, got);
  ASSERT_EQ(recording.frames().size(), 2u);
  EXPECT_EQ(recording.frames()[0].bytes, 7u);
}

// ---- delaying

struct Slow {
  explicit Slow(const Uplink::Options& options) : uplink(options), answering(options) {}
  Pair pair;
  Uplink uplink, answering;
  DelayingChannel ours{pair.ours.channel, uplink, pair.ours.pump};
  DelayingChannel theirs{pair.theirs.channel, answering, pair.theirs.pump};
};

Clock::duration time_of(const std::function<void()>& action) {
  const auto start = Clock::now();
  action();
  return Clock::now() - start;
}

/// The shortest of enough times to find one in which nobody else held the machine up.
Clock::duration shortest_below(Clock::duration limit, const std::function<Clock::duration()>& run) {
  Clock::duration taken = run();
  for (int again = 0; again < 1000 && taken >= limit; ++again) taken = run();
  return taken;
}

TEST(Delaying, ThereAndBackTakesARoundTrip) {
  const auto there_and_back = [] {
    Slow connection({.round_trip = 40ms, .bits_per_second = 1e9});
    const auto taken = time_of([&] {
      Bytes got(10);
      connection.ours.send(Bytes(10, 3));
      connection.theirs.receive(got);
      EXPECT_EQ(got, Bytes(10, 3));
      connection.theirs.send(got);
      connection.ours.receive(got);
    });
    EXPECT_GE(taken, 40ms);
    return taken;
  };
  EXPECT_LT(shortest_below(80ms, there_and_back), 80ms);
}

TEST(Delaying, BytesTakeTheTimeOfTheirBandwidth) {
  const auto a_megabyte = [] {
    Slow connection({.round_trip = 0ms, .bits_per_second = 80e6});  // 10 bytes a microsecond
    const auto taken = time_of([&] {
      std::jthread sender([&] {
        for (int i = 0; i < 10; ++i) connection.ours.send(Bytes(100'000 - 24));
        connection.pair.ours.channel.flush();
      });
      Bytes got(100'000 - 24);
      for (int i = 0; i < 10; ++i) connection.theirs.receive(got);
    });
    EXPECT_GE(taken, 95ms);
    return taken;
  };
  EXPECT_LT(shortest_below(190ms, a_megabyte), 190ms);
}

TEST(Delaying, FramesOnTheirWayTogetherShareOneDelay) {
  const auto twenty_frames = [] {
    Slow connection({.round_trip = 100ms, .bits_per_second = 1e9});
    const auto taken = time_of([&] {
      for (int i = 0; i < 20; ++i) connection.ours.send(Bytes(10));
      Bytes got(10);
      for (int i = 0; i < 20; ++i) connection.theirs.receive(got);
    });
    EXPECT_GE(taken, 50ms);
    return taken;
  };
  EXPECT_LT(shortest_below(100ms, twenty_frames), 100ms);
}

TEST(Delaying, ConnectionsOfOneNodeShareItsUplink) {
  Uplink uplink({.round_trip = 0ms, .bits_per_second = 8e6});
  const auto first = uplink.arrival(10'000);
  const auto second = uplink.arrival(10'000);
  EXPECT_GE(second - first, 10ms);
}

TEST(Delaying, CountsNoStamps) {
  Slow connection({.round_trip = 0ms, .bits_per_second = 1e9});
  connection.ours.send(Bytes(10));
  Bytes got(10);
  connection.theirs.receive(got);
  EXPECT_EQ(connection.ours.traffic().bytes_sent, 34u);
  EXPECT_EQ(connection.theirs.traffic().bytes_received, 34u);
  EXPECT_EQ(connection.theirs.traffic().frames_received, 1u);
}

TEST(Delaying, CancelWakesTheSleep) {
  Slow connection({.round_trip = 60s, .bits_per_second = 1e9});
  connection.ours.send(Bytes(10));
  std::jthread canceller([&] {
    std::this_thread::sleep_for(20ms);
    connection.pair.theirs.cancellation.cancel();
  });
  Bytes got(10);
  expect_error(thrown_by([&] { connection.theirs.receive(got); }), Code::cancelled, "cancelled");
}

// ---- faults

// Frames 1, 2, 3 with a fault at the second: what the receiver sees.
Bytes received_with(Fault fault, int frames) {
  Pair pair;
  FaultyChannel faulty(pair.ours.channel, {.fault = fault, .at_frame = 1});
  for (std::uint8_t i = 1; i <= 3; ++i) faulty.send(Bytes(1, i));
  Bytes all;
  for (int i = 0; i < frames; ++i) {
    Bytes got(1);
    pair.theirs.channel.receive(got);
    all.push_back(got[0]);
  }
  return all;
}

TEST(Faulty, DoesWhatItSays) {
  EXPECT_EQ(received_with(Fault::skip, 2), (Bytes{1, 3}));
  EXPECT_EQ(received_with(Fault::flip, 3), (Bytes{1, 3, 3}));
  EXPECT_EQ(received_with(Fault::replay, 3), (Bytes{1, 1, 3}));
  EXPECT_EQ(received_with(Fault::delay, 3), (Bytes{1, 2, 3}));
  expect_error(thrown_by([] { received_with(Fault::shorten, 3); }), Code::cheating,
               "length 0 where 1");
  expect_error(thrown_by([] { received_with(Fault::lengthen, 3); }), Code::cheating,
               "length 2 where 1");
  expect_error(thrown_by([] { received_with(Fault::hang_up, 3); }), Code::peer_lost, "frame 1");
}

TEST(Faulty, NodeInARingEndsTheOthers) {
  for (const Fault fault : {Fault::shorten, Fault::lengthen, Fault::hang_up}) {
    MemoryRing ring({.silence = testing::ample});
    const Error error = thrown_by([&] {
      run_parties(ring, [&](Mesh& mesh) {
        FaultyChannel faulty(mesh.prev(), {.fault = fault, .at_frame = 2});
        Channel& prev = mesh.role() == 1 ? faulty : mesh.prev();
        Bytes got(100);
        for (int i = 0; i < 5; ++i) exchange(prev, Bytes(100), mesh.next(), got);
      });
    });
    EXPECT_TRUE(error.code() == Code::cheating || error.code() == Code::peer_lost) << error.what();
  }
}

}  // namespace
}  // namespace polder
