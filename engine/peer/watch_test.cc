#include "peer/watch.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "net/testing/test_support.h"
#include "peer/testing/test_banks.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::ample;
using testing::expect_error;
using testing::some_session;
using testing::thrown_by;

std::unique_ptr<Transport> connection_over(Socket socket) {
  return std::make_unique<PlainTransport>(std::move(socket));
}

/// The far end of a connection that bank 1 watches: bank 2, as a test makes it speak.
struct FarEnd {
  explicit FarEnd(Socket socket) : connection(std::move(socket)) {}

  void say(HandshakeKind kind) {
    ASSERT_TRUE(send_handshake(connection, ends, {kind, some_session}));
  }

  /// The next handshake message.  Throws what the watch says instead, or that the connection ended.
  HandshakeMessage hear() {
    while (true) {
      if (const auto message = reader.read(connection, ends)) return *message;
      pollfd polled{connection.socket().descriptor(), POLLIN, 0};
      poll(&polled, 1, static_cast<int>(std::chrono::milliseconds(ample).count()));
    }
  }

  /// What follows the signs of life.
  Error end() {
    return thrown_by([&] {
      while (hear().kind == HandshakeKind::beat) continue;
    });
  }

  const Ends ends{2, 1, "bank 'one'"};
  PlainTransport connection;
  HandshakeReader reader = {};
};

struct Watched {
  explicit Watched(std::chrono::milliseconds silence = ample)
      : watch({.session = some_session,
               .caller = caller,
               .session_waits = {&session},
               .beat = 10ms,
               .silence = silence}) {}

  FarEnd add() {
    auto [near, far] = socket_pair();
    watch.add(connection_over(std::move(near)), {1, 2, "bank 'two'"});
    return FarEnd(std::move(far));
  }

  /// Returns once the watch has ended the session.
  void wait_for_end() {
    pollfd polled{session.event_descriptor(), POLLIN, 0};
    poll(&polled, 1, static_cast<int>(std::chrono::milliseconds(ample).count()));
    EXPECT_TRUE(session.cancelled());
  }

  CancellationToken caller, session;
  Watch watch;
};

const Error cancelled(Code::cancelled, "the session was cancelled");

TEST(Watch, GivesSignsOfLifeWhateverTheSessionsThreadDoes) {
  Watched bank;
  FarEnd far = bank.add();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(far.hear().kind, HandshakeKind::beat);
  EXPECT_FALSE(bank.watch.error().has_value());
}

TEST(Watch, SilenceEndsTheSession) {
  Watched bank(100ms);
  FarEnd far = bank.add();
  bank.wait_for_end();
  expect_error(bank.watch.cause(cancelled), Code::timed_out,
               "bank 'two' gave no sign of life for 100 ms");
  expect_error(far.end(), Code::peer_aborted, "bank 'one' stopped the session: bank 'two' gave no");
}

TEST(Watch, WhatOneSaysIsToldToTheOthers) {
  Watched bank;
  FarEnd two = bank.add(), also = bank.add();
  send_refusal(two.connection, unbound(two.ends), Code::busy, "no memory left");
  expect_error(also.end(), Code::peer_aborted, "bank 'two' stopped the session: no memory left");
  bank.wait_for_end();
  EXPECT_EQ(bank.watch.cause(cancelled).code(), Code::peer_aborted);
}

TEST(Watch, OneThatEndedWellIsNotMissed) {
  Watched bank(100ms);
  auto [near, far] = socket_pair();
  FarEnd(std::move(far)).say(HandshakeKind::over);  // and hangs up
  bank.watch.add(connection_over(std::move(near)), {1, 2, "bank 'two'"});
  std::this_thread::sleep_for(300ms);
  EXPECT_FALSE(bank.watch.error().has_value());
}

TEST(Watch, AConnectionAddedAfterACancelIsTold) {
  Watched bank;
  bank.caller.cancel();
  bank.wait_for_end();
  FarEnd late = bank.add();
  expect_error(late.end(), Code::peer_aborted,
               "bank 'one' stopped the session: the session was cancelled");
}

// A requester that had cancelled was told by another bank that the session was stopped: by itself.
TEST(Watch, AnEchoOfWhatItToldIsNoCause) {
  Watched bank;
  FarEnd far = bank.add();
  bank.caller.cancel();
  far.end();
  const Error echo(Code::peer_aborted, "bank 'two' stopped the session: bank 'one' stopped it");
  EXPECT_EQ(bank.watch.cause(echo).code(), Code::cancelled);
}

TEST(Watch, AConnectionAddedAfterAnotherFailedIsTold) {
  Watched bank;
  { const FarEnd gone = bank.add(); }
  bank.wait_for_end();
  FarEnd late = bank.add();
  expect_error(late.end(), Code::peer_aborted, "no connection to bank 'two'");
}

TEST(Watch, KnowsWhyASessionsConnectionBroke) {
  Watched bank;
  FarEnd far = bank.add();
  send_refusal(far.connection, unbound(far.ends), Code::cancelled, "it was stopped");
  // Whether or not the watch's own thread has looked.
  expect_error(bank.watch.cause(Error(Code::peer_lost, "the connection to bank 'two' broke")),
               Code::peer_aborted, "bank 'two' stopped the session: it was stopped");
}

TEST(Watch, LeavesOtherErrorsAsTheyAre) {
  Watched bank;
  FarEnd far = bank.add();
  EXPECT_EQ(bank.watch.cause(cancelled).code(), Code::cancelled);
  send_refusal(far.connection, unbound(far.ends), Code::cancelled, "it was stopped");
  EXPECT_EQ(bank.watch.cause(Error(Code::cheating, "it lied")).code(), Code::cheating);
}

TEST(Watch, ANoteOfAnotherSessionIsCheating) {
  Watched bank;
  FarEnd far = bank.add();
  ASSERT_TRUE(send_handshake(far.connection, far.ends, {HandshakeKind::beat, SessionId{9}}));
  bank.wait_for_end();
  expect_error(bank.watch.cause(cancelled), Code::cheating, "speaks of another session");
}

}  // namespace
}  // namespace polder
