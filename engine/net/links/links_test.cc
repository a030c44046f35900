#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <set>

#include "net/links/session_lanes.h"
#include "net/testing/test_support.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::ample;
using testing::expect_error;
using testing::make_identity;
using testing::Network;
using testing::thrown_by;

constexpr NetworkId our_network = {0xaa, 0xbb};

SessionId session_named(std::uint8_t name) { return {name, 1, 2, 3}; }

// Errors that a listener reports, for a test to wait for.
class Refusals {
 public:
  std::function<void(const Error&)> keeper() {
    return [this](const Error& error) {
      const std::lock_guard lock(mutex_);
      errors_.push_back(error);
      more_.notify_all();
    };
  }
  /// The first of this kind; if none comes, one that says so.
  Error wait(Code code) {
    std::unique_lock lock(mutex_);
    const auto found = [&] { return std::ranges::find(errors_, code, &Error::code); };
    more_.wait_for(lock, ample, [&] { return found() != errors_.end(); });
    return found() != errors_.end() ? *found() : Error(Code::internal, "nothing was refused so");
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return errors_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<Error> errors_;
};

/// Three nodes in this process.
struct Space {
  Space() {
    for (std::size_t role = 0; role < 3; ++role) {
      sockets[role] = listen_on({"127.0.0.1", 0});
      addresses[role] = {"127.0.0.1", local_port(sockets[role])};
    }
  }

  void start(int role) {
    const auto i = static_cast<std::size_t>(role);
    if (!sockets[i]) sockets[i] = listen_on(addresses[i]);
    tls[i].emplace(network.options(role));
    links[i] = std::make_unique<Links>(
        Links::Options{.role = role,
                       .network = ids[i],
                       .listener = std::move(sockets[i]),
                       .next = addresses[static_cast<std::size_t>(next_role(role))],
                       .tls = *tls[i],
                       .dial_limit = dial_limit,
                       .join_limit = join_limit,
                       .on_refusal = refusals[i].keeper()});
    sockets[i] = Socket();
  }
  void start_all() {
    for (int role = 0; role < 3; ++role) start(role);
  }
  void stop(int role) { links[static_cast<std::size_t>(role)].reset(); }
  Links& node(int role) { return *links[static_cast<std::size_t>(role)]; }

  // All three run `party` in a session; clean ends give the connections back.
  void run(const SessionId& session, const std::function<void(Mesh&)>& party) {
    std::vector<std::jthread> threads;
    for (int role = 0; role < 3; ++role) {
      threads.emplace_back([&, role] {
        try {
          CancellationToken cancellation({.silence = ample});
          SessionConnections connections(node(role), session, cancellation);
          party(connections.mesh());
          connections.finish();
        } catch (const Error& error) {
          ADD_FAILURE() << "node " << role << ": " << error.what();
        }
      });
    }
  }

  Network network;
  std::array<NetworkId, 3> ids{our_network, our_network, our_network};
  std::chrono::milliseconds dial_limit = ample;
  std::chrono::milliseconds join_limit = ample;
  std::array<Refusals, 3> refusals;
  std::array<Socket, 3> sockets;
  std::array<Address, 3> addresses;
  std::array<std::optional<TlsContext>, 3> tls;
  std::array<std::unique_ptr<Links>, 3> links;
};

// Sends the session's mark both ways, several times, and checks what comes.
void pass_mark(Mesh& mesh, std::uint64_t mark) {
  for (int round = 0; round < 20; ++round) {
    const auto role = static_cast<std::uint64_t>(mesh.role());
    const Words mine(1000, mark * 10 + role);
    Words theirs(1000);
    exchange(mesh.prev(), mine, mesh.next(), theirs);
    EXPECT_EQ(theirs[999], mark * 10 + (role + 1) % 3);
    exchange(mesh.next(), mine, mesh.prev(), theirs);
    EXPECT_EQ(theirs[999], mark * 10 + (role + 2) % 3);
  }
}

TEST(Links, CarryASession) {
  Space space;
  space.start_all();
  space.run(session_named(1), [](Mesh& mesh) { pass_mark(mesh, 1); });
}

TEST(Links, CarryTheLanesOfASession) {
  constexpr std::size_t lanes = 3;
  Space space;
  space.start_all();
  std::vector<std::jthread> nodes;
  for (int role = 0; role < 3; ++role) {
    nodes.emplace_back([&, role] {
      CancellationToken cancellation({.silence = ample});
      SessionLanes session(space.node(role), session_named(1), cancellation);
      session.widen_to(lanes, session_named(77));
      EXPECT_EQ(session.meshes().size(), lanes);
      std::vector<std::jthread> threads;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        threads.emplace_back([&, lane] { pass_mark(*session.meshes()[lane], lane); });
      threads.clear();
      EXPECT_EQ(session.traffic().frames_sent, lanes * 40);
      session.finish();
    });
  }
  nodes.clear();
  for (int role = 0; role < 3; ++role) EXPECT_EQ(space.node(role).idle().to_next, lanes);
}

TEST(Links, NoTwoLanesHaveOneId) {
  std::set<SessionId> ids;
  for (const SessionId& base : {session_named(1), session_named(2)}) {
    for (std::size_t lane = 0; lane < 64; ++lane) ids.insert(lane_id(base, lane));
  }
  EXPECT_EQ(ids.size(), 128u);
}

TEST(Links, ReuseTheConnectionsOfACleanSession) {
  Space space;
  space.start_all();
  for (std::uint8_t i = 0; i < 10; ++i) {
    space.run(session_named(i), [&](Mesh& mesh) { pass_mark(mesh, i); });
    std::this_thread::sleep_for(
        5ms);  // welcomes travel; where one is late, another connection is made
  }
  for (int role = 0; role < 3; ++role) {
    EXPECT_LT(space.node(role).idle().to_next, 5u);
    EXPECT_LT(space.node(role).idle().from_prev, 5u);
  }
}

TEST(Links, CarrySessionsSideBySide) {
  Space space;
  space.start_all();
  std::vector<std::jthread> sessions;
  for (std::uint8_t i = 0; i < 6; ++i) {
    sessions.emplace_back([&space, i] {
      for (std::uint8_t again = 0; again < 5; ++again) {
        const auto mark = static_cast<std::uint8_t>(10 * again + i);
        space.run(session_named(mark), [&](Mesh& mesh) { pass_mark(mesh, mark); });
      }
    });
  }
}

TEST(Links, DialAnewWhenThePeerOfAnIdleConnectionDied) {
  Space space;
  space.start_all();
  space.run(session_named(1), [](Mesh& mesh) { pass_mark(mesh, 1); });
  for (int role = 0; role < 3; ++role) {
    space.stop(role);
    space.start(role);
    space.run(session_named(2), [](Mesh& mesh) { pass_mark(mesh, 2); });
  }
}

TEST(Links, CloseTheConnectionsOfASessionThatFailed) {
  Space space;
  space.start_all();
  std::vector<std::jthread> threads;
  std::atomic<int> told = 0;
  for (int role = 0; role < 3; ++role) {
    threads.emplace_back([&, role] {
      CancellationToken cancellation({.silence = ample});
      SessionConnections connections(space.node(role), session_named(1), cancellation);
      if (role == 1) return connections.mesh().abort(Code::busy, "no memory left");
      const Error error = thrown_by([&] {
        std::uint8_t byte;
        connections.mesh().next().receive({&byte, 1});
      });
      if (role == 0)
        expect_error(error, Code::peer_aborted, "node 1 stopped the session: no memory");
      connections.mesh().abort(error.code(), error.what());
      ++told;
    });
  }
  threads.clear();
  EXPECT_EQ(told, 2);
  for (int role = 0; role < 3; ++role) EXPECT_EQ(space.node(role).idle().to_next, 0u);
  space.run(session_named(2), [](Mesh& mesh) { pass_mark(mesh, 2); });
}

TEST(Links, WarmMakesAConnectionReady) {
  Space space;
  space.start_all();
  CancellationToken cancellation;
  for (int i = 0; i < 3; ++i) space.node(0).warm(cancellation);
  EXPECT_EQ(space.node(0).idle().to_next, 1u);
  EXPECT_EQ(space.node(1).idle().from_prev, 1u);
}

TEST(Links, ANodeThatIsDownIsNamed) {
  Space space;
  space.dial_limit = 200ms;
  space.start_all();
  space.stop(1);
  CancellationToken cancellation;
  expect_error(
      thrown_by([&] { SessionConnections(space.node(0), session_named(1), cancellation); }),
      Code::peer_lost, "cannot connect to 127.0.0.1");
}

TEST(Links, ANodeThatDoesNotJoinIsNamed) {
  Space space;
  space.join_limit = 100ms;
  space.start_all();
  CancellationToken cancellation;
  expect_error(
      thrown_by([&] { SessionConnections(space.node(0), session_named(1), cancellation); }),
      Code::peer_lost, "node 2 did not join the session within 100 ms");
}

// Node 2 never comes: node 0 gives up and says so to node 1, which had a connection from it.
TEST(Links, ANodeThatGivesUpTellsTheNext) {
  Space space;
  space.join_limit = 300ms;
  space.start(0);
  space.join_limit = ample;
  space.start(1);
  space.start(2);
  std::jthread zero([&] {
    CancellationToken cancellation;
    expect_error(
        thrown_by([&] { SessionConnections(space.node(0), session_named(1), cancellation); }),
        Code::peer_lost, "node 2 did not join");
  });
  CancellationToken cancellation;
  SessionConnections connections(space.node(1), session_named(1), cancellation);
  std::uint8_t byte;
  expect_error(thrown_by([&] {
                 connections.mesh().prev().receive({&byte, 1});
               }),
               Code::peer_aborted, "node 0 stopped the session: node 2 did not join");
}

TEST(Links, CancelEndsTheWaitForTheOthers) {
  Space space;
  space.start_all();
  CancellationToken cancellation;
  std::jthread canceller([&] {
    std::this_thread::sleep_for(50ms);
    cancellation.cancel();
  });
  expect_error(
      thrown_by([&] { SessionConnections(space.node(0), session_named(1), cancellation); }),
      Code::cancelled, "cancelled");
}

TEST(Links, AnotherNetworkIsNamedOnBothSides) {
  Space space;
  space.ids[1] = {0xcc};
  space.start_all();
  CancellationToken cancellation;
  expect_error(thrown_by([&] { space.node(0).warm(cancellation); }), Code::peer_aborted,
               "node 0 belongs to network aabb");
  expect_error(space.refusals[1].wait(Code::forbidden), Code::forbidden, "this node to cc00");
}

TEST(Links, ANodeOnAnothersPlaceIsNamed) {
  Space space;
  space.start(1);
  CancellationToken cancellation;
  const TlsContext as_two(space.network.options(2));
  Dialler dialler(
      {.ends = {2, 1}, .network = our_network, .address = space.addresses[1], .tls = as_two});
  EXPECT_THROW(dialler.warm(cancellation), Error);
  expect_error(space.refusals[1].wait(Code::forbidden), Code::forbidden,
               "node 2 dialled, which this node dials itself");
}

TEST(Links, AClientsCertificateIsRefused) {
  Space space;
  space.start_all();
  TlsContext::Options options = space.network.options(0);
  const auto client = make_identity("client");
  options.key_pem = client.key_pem;
  options.certificate_pem = client.certificate_pem;
  const TlsContext as_client(options);
  CancellationToken cancellation;
  Dialler dialler(
      {.ends = {0, 1}, .network = our_network, .address = space.addresses[1], .tls = as_client});
  expect_error(thrown_by([&] { dialler.warm(cancellation); }), Code::forbidden,
               "it refused this node");
  expect_error(space.refusals[1].wait(Code::forbidden), Code::forbidden, "not in the network file");
}

TEST(Listener, SilentCallersHoldNobodyUp) {
  Space space;
  space.start_all();
  CancellationToken cancellation;
  std::vector<Socket> silent;
  for (int i = 0; i < 200; ++i)
    silent.push_back(connect_to(space.addresses[1], ample, cancellation));
  space.run(session_named(1), [](Mesh& mesh) { pass_mark(mesh, 1); });
  expect_error(space.refusals[1].wait(Code::busy), Code::busy, "do not greet");
}

TEST(Listener, SilentCallersAreClosedInTime) {
  const Network network;
  const TlsContext tls(network.options(1));
  Socket socket = listen_on({"127.0.0.1", 0});
  const Address address{"127.0.0.1", local_port(socket)};
  Refusals refusals;
  const Listener listener(std::move(socket), {.ends = {Ends{1, 0}},
                                              .network = our_network,
                                              .tls = tls,
                                              .greeting_limit = 50ms,
                                              .on_refusal = refusals.keeper()});
  CancellationToken cancellation;
  const Socket silent = connect_to(address, ample, cancellation);
  expect_error(refusals.wait(Code::timed_out), Code::timed_out, "did not greet in time");
}

TEST(Listener, AConnectionThatNobodyClaimsIsClosedInTime) {
  const Network network;
  const TlsContext tls(network.options(1)), as_zero(network.options(0));
  Socket socket = listen_on({"127.0.0.1", 0});
  const Address address{"127.0.0.1", local_port(socket)};
  const Listener listener(
      std::move(socket),
      {.ends = {Ends{1, 0}}, .network = our_network, .tls = tls, .claim_limit = 50ms});
  CancellationToken cancellation;
  Dialler dialler({.ends = {0, 1}, .network = our_network, .address = address, .tls = as_zero});
  Pump pump(cancellation);
  SocketChannel channel(dialler.take(session_named(1), cancellation), {session_named(1), 0, 1},
                        pump);
  std::uint8_t byte;
  const Error error = thrown_by([&] { channel.receive({&byte, 1}); });
  expect_error(error, Code::peer_aborted, "this node did not start the session in time");
}

// W3: connections that were bound to sessions of one node alone stayed for 30 s and kept all others
// out.
TEST(Listener, TheOldestConnectionThatNobodyClaimsGoesWhenThereAreTooMany) {
  const Network network;
  const TlsContext tls(network.options(1)), as_zero(network.options(0));
  Socket socket = listen_on({"127.0.0.1", 0});
  const Address address{"127.0.0.1", local_port(socket)};
  Listener listener(std::move(socket),
                    {.ends = {Ends{1, 0}}, .network = our_network, .tls = tls, .max_bound = 3});
  CancellationToken cancellation;
  Dialler dialler({.ends = {0, 1}, .network = our_network, .address = address, .tls = as_zero});
  std::vector<std::unique_ptr<Transport>> bound;
  for (std::uint8_t i = 0; i < 6; ++i) {
    bound.push_back(dialler.take(session_named(i), cancellation));
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_TRUE(listener.take(session_named(5), 0, ample, cancellation));
  expect_error(thrown_by([&] { listener.take(session_named(0), 0, 50ms, cancellation); }),
               Code::peer_lost, "did not join");
}

TEST(Listener, AConnectionWhoseDiallerHungUpIsForgotten) {
  const Network network;
  const TlsContext tls(network.options(1)), as_zero(network.options(0));
  Socket socket = listen_on({"127.0.0.1", 0});
  const Address address{"127.0.0.1", local_port(socket)};
  Listener listener(std::move(socket), {.ends = {Ends{1, 0}}, .network = our_network, .tls = tls});
  CancellationToken cancellation;
  Dialler dialler({.ends = {0, 1}, .network = our_network, .address = address, .tls = as_zero});
  dialler.take(session_named(1), cancellation).reset();
  std::this_thread::sleep_for(500ms);
  expect_error(thrown_by([&] { listener.take(session_named(1), 0, 50ms, cancellation); }),
               Code::peer_lost, "did not join");
}

TEST(Listener, RandomBytesAreRefused) {
  Space space;
  space.start_all();
  CancellationToken cancellation;
  for (int i = 0; i < 50; ++i) {
    const Socket caller = connect_to(space.addresses[1], ample, cancellation);
    const std::vector<std::uint8_t> noise(static_cast<std::size_t>(i) * 37 + 1,
                                          static_cast<std::uint8_t>(i * 29));
    ASSERT_GT(write(caller.descriptor(), noise.data(), noise.size()), 0);
  }
  space.run(session_named(1), [](Mesh& mesh) { pass_mark(mesh, 1); });
  EXPECT_GT(space.refusals[1].count(), 0u);
}

}  // namespace
}  // namespace polder
