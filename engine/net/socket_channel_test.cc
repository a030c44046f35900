#include "net/socket_channel.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

#include "net/testing/test_support.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::ample;
using testing::Connection;
using testing::End;
using testing::expect_error;
using testing::run_over;
using testing::some_session;
using testing::thrown_by;

Bytes pattern(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  Words words(size / 8 + 1);
  for (auto& word : words) word = generator();
  const auto bytes = bytes_of(std::span<const std::uint64_t>(words)).first(size);
  return Bytes(bytes.begin(), bytes.end());
}

// TCP gave a connection up after 20 s while the peer worked alone and read nothing.
TEST(SocketChannel, AConnectionBearsUnreadBytesForAsLongAsTheSessionIsPatient) {
  const Socket listener = listen_on({"127.0.0.1", 0});
  const auto borne = [&](Clock::duration silence) {
    CancellationToken dialling;
    Socket socket = connect_to({"127.0.0.1", local_port(listener)}, ample, dialling);
    const int descriptor = socket.descriptor();
    const End end(std::move(socket), 0, 1, {.silence = silence});
    int milliseconds = 0;
    socklen_t size = sizeof milliseconds;
    getsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, &size);
    return milliseconds;
  };
  EXPECT_EQ(borne(60s), 60'000);
  EXPECT_EQ(borne(5s), 20'000);
  EXPECT_GT(borne(24h * 365), 0);
}

class Over : public ::testing::TestWithParam<Connection> {};
std::string connection_name(const ::testing::TestParamInfo<Connection>& each) {
  if (each.param == Connection::memory) return "memory";
  return each.param == Connection::tcp ? "tcp" : "tls";
}
INSTANTIATE_TEST_SUITE_P(Connections, Over,
                         ::testing::Values(Connection::memory, Connection::tcp, Connection::tls),
                         connection_name);

// Every node first sends everything both ways and only then receives: any design in which a send
// waits for the peer hangs here.
TEST_P(Over, ThreeNodesSendEverySizeAtOnceBothWays) {
  constexpr std::array<std::size_t, 9> sizes{
      0, 1, 23, 24, 16'360, 64 << 10, 8 << 20, 0, (1 << 20) + 13};
  run_over(GetParam(), [&](Mesh& mesh) {
    const auto seed = [&](int from, int to, std::size_t i) {
      return static_cast<std::uint64_t>(from * 100 + to * 10) + i;
    };
    for (Channel* channel : {&mesh.next(), &mesh.prev()}) {
      const int to = channel == &mesh.next() ? next_role(mesh.role()) : prev_role(mesh.role());
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        channel->send(pattern(sizes[i], seed(mesh.role(), to, i)));
      }
    }
    for (Channel* channel : {&mesh.next(), &mesh.prev()}) {
      const int from = channel == &mesh.next() ? next_role(mesh.role()) : prev_role(mesh.role());
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        Bytes got(sizes[i]);
        channel->receive(got);
        EXPECT_EQ(got, pattern(sizes[i], seed(from, mesh.role(), i))) << sizes[i];
      }
    }
  });
}

TEST_P(Over, ManyRandomRoundsOfExchange) {
  run_over(GetParam(), [](Mesh& mesh) {
    std::mt19937_64 sizes(7);  // the same at all three
    for (std::uint64_t i = 0; i < 300; ++i) {
      const std::size_t size = i % 50 == 49 ? sizes() % (4 << 20) : sizes() % 3000;
      const auto role = static_cast<std::uint64_t>(mesh.role());
      const auto next = static_cast<std::uint64_t>(next_role(mesh.role()));
      Bytes got(size);
      exchange(mesh.prev(), pattern(size, 3 * i + role), mesh.next(), got);
      ASSERT_EQ(got, pattern(size, 3 * i + next)) << "round " << i;
    }
  });
}

TEST_P(Over, CountsTraffic) {
  run_over(GetParam(), [](Mesh& mesh) {
    mesh.next().send(Bytes(100));
    Bytes got(100);
    mesh.prev().receive(got);
    EXPECT_EQ(mesh.next().traffic().bytes_sent, 124u);
    EXPECT_EQ(mesh.prev().traffic().bytes_received, 124u);
    EXPECT_EQ(mesh.traffic().frames_sent, 1u);
    EXPECT_EQ(mesh.traffic().frames_received, 1u);
  });
}

// ---- frames that an honest peer would not send

struct Liar {
  const char* what;
  Header header;
  Code code;
  const char* message;
};

Header honest(std::size_t size, std::uint64_t step) {
  return outgoing({some_session, 1, 0}, size, step);
}
Header with(auto change) {
  Header header = honest(64, 0);
  change(header);
  return header;
}

class Lies : public ::testing::TestWithParam<Liar> {};
INSTANTIATE_TEST_SUITE_P(
    Frames, Lies,
    ::testing::Values(
        Liar{"length_0", honest(0, 0), Code::cheating, "length 0 where 64"},
        Liar{"length_max", honest(0xffff'ffff, 0), Code::cheating, "length 4294967295 where 64"},
        Liar{"short", honest(63, 0), Code::cheating, "length 63 where 64"},
        Liar{"long", honest(65, 0), Code::cheating, "length 65 where 64"},
        Liar{"session", with([](Header& h) { h.session = 1; }), Code::cheating, "session 1 where"},
        Liar{"sender", with([](Header& h) { h.sender = 2; }), Code::cheating, "sender 2 where 1"},
        Liar{"receiver", with([](Header& h) { h.receiver = 2; }), Code::cheating,
             "receiver 2 where 0"},
        Liar{"step", honest(64, 1), Code::cheating, "step 1 where 0"},
        Liar{"version", with([](Header& h) { h.version = 2; }), Code::cheating,
             "version 2 where 1"},
        Liar{"kind", with([](Header& h) { h.kind = FrameKind{3}; }), Code::cheating,
             "kind 3 where 1"},
        Liar{"long_abort", with([](Header& h) {
               h.kind = FrameKind::abort;
               h.length = 513;
             }),
             Code::cheating, "abort of 513 bytes"},
        Liar{"foreign_abort", with([](Header& h) {
               h.kind = FrameKind::abort;
               h.session = 1;
             }),
             Code::cheating, "session 1 where"}),
    [](const auto& each) { return each.param.what; });

void write_all(const Socket& socket, std::span<const std::uint8_t> bytes) {
  ASSERT_EQ(write(socket.descriptor(), bytes.data(), bytes.size()),
            static_cast<ssize_t>(bytes.size()));
}

TEST_P(Lies, AreNamed) {
  auto [ours, wire] = socket_pair();
  End end(std::move(ours), 0, 1);
  write_all(wire, encode(GetParam().header));
  write_all(wire, Bytes(64));
  Bytes got(64);
  expect_error(thrown_by([&] { end.channel.receive(got); }), GetParam().code, GetParam().message);
}

TEST(Replay, OfAFrameIsCheating) {
  auto [ours, wire] = socket_pair();
  End end(std::move(ours), 0, 1);
  for (int i = 0; i < 2; ++i) {
    write_all(wire, encode(honest(64, 0)));
    write_all(wire, Bytes(64));
  }
  Bytes got(64);
  end.channel.receive(got);
  expect_error(thrown_by([&] { end.channel.receive(got); }), Code::cheating, "step 0 where 1");
}

TEST(Truncated, FramesEndInPeerLost) {
  for (const std::size_t bytes : {0, 1, 23, 24, 25, 87}) {
    auto [ours, wire] = socket_pair();
    End end(std::move(ours), 0, 1);
    Bytes frame(88, 0);
    std::ranges::copy(encode(honest(64, 0)), frame.begin());
    write_all(wire, std::span(frame).first(bytes));
    { const Socket closed = std::move(wire); }
    Bytes got(64);
    expect_error(thrown_by([&] { end.channel.receive(got); }), Code::peer_lost, "node 1");
  }
}

TEST(ByteByByte, AFrameArrives) {
  auto [ours, wire] = socket_pair();
  End end(std::move(ours), 0, 1);
  std::jthread sender([&wire = wire] {
    Bytes frame(88, 9);
    std::ranges::copy(encode(honest(64, 0)), frame.begin());
    for (const std::uint8_t byte : frame) {
      write_all(wire, {&byte, 1});
      std::this_thread::sleep_for(100us);
    }
  });
  Bytes got(64);
  end.channel.receive(got);
  EXPECT_EQ(got, Bytes(64, 9));
}

// ---- ends of a session

TEST(PeerKilled, EndsAReceiveAtOnce) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1);
  std::jthread killer([socket = std::move(theirs)]() mutable {
    std::this_thread::sleep_for(20ms);
    const Socket closed = std::move(socket);
  });
  Bytes got(64);
  expect_error(thrown_by([&] { end.channel.receive(got); }), Code::peer_lost, "node 1");
}

TEST(PeerKilled, EndsASend) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1);
  { const Socket closed = std::move(theirs); }
  expect_error(thrown_by([&] { end.channel.send(Bytes(64)); }), Code::peer_lost, "node 1");
}

TEST(PeerKilled, WithOutputKeptEndsAWaitForAnotherPeer) {
  auto [to_one, one] = socket_pair();
  auto [to_two, two] = socket_pair();
  End end(std::move(to_one), 0, 1);
  SocketChannel other(std::make_unique<PlainTransport>(std::move(to_two)), {some_session, 0, 2},
                      end.pump);
  end.channel.send(Bytes(8 << 20));
  std::jthread killer([socket = std::move(one)]() mutable {
    std::this_thread::sleep_for(20ms);
    const Socket closed = std::move(socket);
  });
  Bytes got(1);
  expect_error(thrown_by([&] { other.receive(got); }), Code::peer_lost, "node 1");
}

TEST(Deadline, EndsAReceive) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1, {.deadline = Clock::now() + 30ms});
  Bytes got(64);
  expect_error(thrown_by([&] { end.channel.receive(got); }), Code::timed_out, "deadline");
}

TEST(Silence, EndsAReceive) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1, {.silence = 30ms});
  Bytes got(64);
  expect_error(thrown_by([&] { end.channel.receive(got); }), Code::timed_out,
               "no answer from node 1 for 30 ms");
}

TEST(Silence, StartsAgainWithEachByte) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1, {.silence = 3s});
  std::jthread slow([&wire = theirs] {
    Bytes frame(32, 9);
    std::ranges::copy(encode(honest(8, 0)), frame.begin());
    for (std::size_t at = 0; at < frame.size(); at += 8) {
      std::this_thread::sleep_for(900ms);
      write_all(wire, std::span(frame).subspan(at, 8));
    }
  });
  Bytes got(8);
  end.channel.receive(got);
  EXPECT_EQ(got, Bytes(8, 9));
}

TEST(Cancel, WakesASleepingReceive) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1);
  std::jthread canceller([&] {
    std::this_thread::sleep_for(30ms);
    end.cancellation.cancel();
  });
  Bytes got(64);
  expect_error(thrown_by([&] { end.channel.receive(got); }), Code::cancelled, "cancelled");
}

TEST(Cancel, EndsAFlushAndASendThatWaitsForRoom) {
  auto [ours, theirs] = socket_pair();
  End end(std::move(ours), 0, 1, {}, {.max_kept_bytes = 1 << 20, .pause = ample});
  std::jthread canceller([&] {
    std::this_thread::sleep_for(30ms);
    end.cancellation.cancel();
  });
  expect_error(thrown_by([&] { end.channel.send(Bytes(16 << 20)); }), Code::cancelled, "");
  expect_error(thrown_by([&] { end.channel.flush(); }), Code::cancelled, "");
}

TEST(Abort, ReachesAWaitingPeerWithItsReason) {
  for (const std::size_t due : {0, 1, 64, 4096}) {
    auto [a, b] = socket_pair();
    End ours(std::move(a), 0, 1);
    End theirs(std::move(b), 1, 0);
    theirs.channel.abort(Code::forbidden, "the plan differs");
    Bytes got(due);
    expect_error(thrown_by([&] { ours.channel.receive(got); }), Code::peer_aborted,
                 "node 1 stopped the session: the plan differs (forbidden)");
  }
}

TEST(Abort, IsFoundBehindFramesWhenASendFails) {
  auto [a, b] = socket_pair();
  End ours(std::move(a), 0, 1);
  {
    End theirs(std::move(b), 1, 0);
    for (int i = 0; i < 5; ++i) theirs.channel.send(Bytes(1000));
    theirs.channel.abort(Code::busy, "out of memory");
  }
  expect_error(thrown_by([&] { ours.channel.send(Bytes(64)); }), Code::peer_aborted,
               "out of memory (busy)");
}

TEST(Abort, OfOnePeerEndsAWaitForAnother) {
  auto [to_one, one] = socket_pair();
  auto [to_two, two] = socket_pair();
  End end(std::move(to_one), 0, 1);
  SocketChannel other(std::make_unique<PlainTransport>(std::move(to_two)), {some_session, 0, 2},
                      end.pump);
  std::jthread peer([&socket = one] {
    End theirs(std::move(socket), 1, 0);
    std::this_thread::sleep_for(20ms);
    theirs.channel.abort(Code::timed_out, "too slow");
  });
  Bytes got(1);
  expect_error(thrown_by([&] { other.receive(got); }), Code::peer_aborted, "too slow (timed_out)");
}

TEST(Abort, SurvivesThatThePeerHasNotReadWhatWasSentToIt) {
  Socket listener = listen_on({"127.0.0.1", 0});
  CancellationToken cancellation;
  End ours(connect_to({"127.0.0.1", local_port(listener)}, ample, cancellation), 0, 1);
  ours.channel.send(Bytes(100'000));
  {
    End theirs(accept_from(listener), 1, 0);
    theirs.channel.abort(Code::bad_schema, "widths differ");
  }
  Bytes got(64);
  expect_error(thrown_by([&] { ours.channel.receive(got); }), Code::peer_aborted, "widths differ");
}

TEST(OtherPeerDone, DoesNotDisturbAWait) {
  auto [to_one, one] = socket_pair();
  auto [to_two, two] = socket_pair();
  End end(std::move(to_one), 0, 1);
  SocketChannel other(std::make_unique<PlainTransport>(std::move(to_two)), {some_session, 0, 2},
                      end.pump);
  { const Socket finished = std::move(one); }
  std::jthread peer([&socket = two] {
    End theirs(std::move(socket), 2, 0);
    std::this_thread::sleep_for(50ms);
    theirs.channel.send(Bytes(3, 5));
  });
  Bytes got(3);
  other.receive(got);
  EXPECT_EQ(got, Bytes(3, 5));
}

// ---- memory

TEST(KeptOutput, StaysBoundedWhileThePeerReads) {
  constexpr std::size_t frames = 64, frame_bytes = 1 << 20, most = 4 << 20;
  auto [a, b] = socket_pair();
  End ours(std::move(a), 0, 1, {}, {.max_kept_bytes = most, .pause = ample});
  std::jthread reader([&socket = b] {
    End theirs(std::move(socket), 1, 0);
    Bytes got(frame_bytes);
    for (std::size_t i = 0; i < frames; ++i) {
      std::this_thread::sleep_for(1ms);
      theirs.channel.receive(got);
    }
  });
  const Bytes payload(frame_bytes, 1);
  trim_pool();
  reset_pool_peak();
  const std::size_t before = pool_use().peak_bytes;
  for (std::size_t i = 0; i < frames; ++i) ours.channel.send(payload);
  EXPECT_LE(pool_use().peak_bytes, before + most + 4 * frame_bytes);
  ours.channel.flush();
}

TEST(KeptOutput, OfAPeerThatStandsStillHoldsUpOneSendOnly) {
  auto [a, b] = socket_pair();
  End ours(std::move(a), 0, 1, {}, {.max_kept_bytes = 64 << 10, .pause = 400ms});
  const auto start = Clock::now();
  for (int i = 0; i < 400; ++i) ours.channel.send(Bytes(64 << 10));
  EXPECT_LT(Clock::now() - start, 80s);  // half of what a pause each would take
}

// ---- reuse

TEST(Release, GivesTheConnectionBackOnlyAfterACleanEnd) {
  auto [a, b] = socket_pair();
  End ours(std::move(a), 0, 1);
  End theirs(std::move(b), 1, 0);
  ours.channel.send(Bytes(10));
  Bytes got(10);
  theirs.channel.receive(got);
  EXPECT_NE(ours.channel.release(), nullptr);
  theirs.channel.abort(Code::internal, "");
  EXPECT_EQ(theirs.channel.release(), nullptr);
}

TEST(Release, RefusesALineWithOutputKept) {
  auto [a, b] = socket_pair();
  End ours(std::move(a), 0, 1);
  ours.channel.send(Bytes(8 << 20));
  EXPECT_EQ(ours.channel.release(), nullptr);
}

}  // namespace
}  // namespace polder
