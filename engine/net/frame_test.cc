#include "net/frame.h"

#include <gtest/gtest.h>

#include "net/testing/test_support.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::some_session;
using testing::thrown_by;

const Binding ours{some_session, 0, 1};
const Binding theirs{some_session, 1, 0};

TEST(Frame, HasTheLayoutOfTheProtocol) {
  const HeaderBytes expected{0x40, 0, 0, 0, 1, 1, 0, 1, 1, 2, 3, 4,
                             5,    6, 7, 8, 5, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_EQ(encode(outgoing(theirs, 64, 5)), expected);
}

TEST(Frame, WhatThePeerSendsIsWhatIsDue) {
  expect(incoming(ours, 64, 5), decode(encode(outgoing(theirs, 64, 5))), "node 1");
}

TEST(Frame, RefusesAPayloadThatDoesNotFitItsLength) {
  const Error error = thrown_by([] { outgoing(ours, std::size_t{1} << 32, 0); });
  expect_error(error, Code::bad_input, "4294967296 bytes");
}

TEST(Frame, NamesTheFieldThatDiffersAndBothValues) {
  const Header due = incoming(ours, 64, 5);
  const auto error_for = [&](auto change) {
    Header got = due;
    change(got);
    return thrown_by([&] { expect(due, got, "node 1"); });
  };
  expect_error(error_for([](Header& h) { h.length = 0xffffffff; }), Code::cheating,
               "length 4294967295 where 64 is due (step 5)");
  expect_error(error_for([](Header& h) { h.kind = FrameKind{9}; }), Code::cheating,
               "kind 9 where 1");
  expect_error(error_for([](Header& h) { h.sender = 2; }), Code::cheating, "sender 2 where 1");
  expect_error(error_for([](Header& h) { h.receiver = 1; }), Code::cheating, "receiver 1 where 0");
  expect_error(error_for([](Header& h) { h.version = 0; }), Code::cheating, "version 0 where 1");
  expect_error(error_for([](Header& h) { h.session = 7; }), Code::cheating, "session 7 where");
  expect_error(error_for([](Header& h) { h.step = 4; }), Code::cheating, "step 4 where 5");
}

TEST(Abort, CarriesCodeAndReason) {
  const Bytes payload = abort_payload(Code::timed_out, "node 0 was slow");
  expect_error(thrown_by([&] { throw_aborted("node 1", payload); }), Code::peer_aborted,
               "node 1 stopped the session: node 0 was slow (timed_out)");
}

TEST(Abort, ThatIsPassedOnNamesWhoStoppedOnce) {
  const std::string why = "node 1 stopped the session: column 'id' is missing (bad_schema)";
  const Bytes payload = abort_payload(Code::peer_aborted, why);
  try {
    throw_aborted("node 2", payload);
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), why);
    EXPECT_EQ(error.code(), Code::peer_aborted);
  }
}

TEST(Abort, IsBounded) {
  EXPECT_EQ(abort_payload(Code::internal, std::string(10'000, 'x')).size(), max_abort_bytes);
  Header got = abort_header(theirs, max_abort_bytes + 1);
  const Header due = incoming(ours, 64, 5);
  expect_error(thrown_by([&] { is_abort(due, got, "node 1"); }), Code::cheating,
               "an abort of 513 bytes");
}

TEST(Abort, OfAnotherSessionIsCheating) {
  Header got = abort_header(theirs, 10);
  got.session ^= 1;
  const Header due = incoming(ours, 64, 5);
  expect_error(thrown_by([&] { is_abort(due, got, "node 1"); }), Code::cheating, "session");
}

TEST(Abort, ShowsNoControlCharactersOfThePeer) {
  const std::string evil = "internal\nred\x1b[31m\r\nnext";
  const Error error = thrown_by([&] {
    throw_aborted("node 1",
                  std::span(reinterpret_cast<const std::uint8_t*>(evil.data()), evil.size()));
  });
  expect_error(error, Code::peer_aborted, "red?[31m??next");
}

TEST(Abort, WithoutCodeOrTextIsStillAnAbort) {
  expect_error(thrown_by([] { throw_aborted("node 2", {}); }), Code::peer_aborted, "node 2");
}

}  // namespace
}  // namespace polder
