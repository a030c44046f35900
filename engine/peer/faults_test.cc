// Sessions with banks that die, fall silent, lie or are somebody else.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "base/version.h"
#include "crypto/hex.h"
#include "crypto/random.h"
#include "peer/testing/test_banks.h"

namespace polder {
namespace {

using namespace std::chrono_literals;
using testing::ample;
using testing::AnsweringBank;
using testing::ask_plain;
using testing::expect_error;
using testing::Listening;
using testing::no_progress;
using testing::plain_asking;
using testing::plain_exchange;
using testing::plain_protocol;
using testing::table_of;
using testing::TestBanks;
using testing::thrown_by;
using Kind = AnswerEvent::Kind;

Error asked_in_vain(TestBanks& banks, const Asking& how = plain_asking()) {
  return thrown_by([&] {
    CancellationToken cancellation;
    ask_plain(banks, 0, table_of({1, 2}), how, cancellation);
  });
}

Query query_of(const BankLinks& links) {
  Query query{.protocol = "plain", .bound = min_bound, .deadline = ample};
  random_bytes(query.session);
  query.requester = links.self();
  return query;
}

/// A requester that says what a test makes it say.
struct Caller {
  Caller(TestBanks& banks, std::size_t bank) : links(banks.options(bank)) {}

  std::unique_ptr<Greeting> call(int bank, const Query& query) {
    auto greeting = std::make_unique<Greeting>(
        links.dial(bank, query.session, HandshakeKind::ask, cancellation), links.ends(bank),
        cancellation);
    send_query(greeting->channel(), query, links.network());
    return greeting;
  }

  BankLinks links;
  CancellationToken cancellation{{.silence = ample}};
};

TEST(BankFaults, CallsThatSayNothingTakeNobodyElsesPlace) {
  TestBanks banks(3);
  AnsweringBank zero(banks, 0, table_of({1, 1002}));
  AnsweringBank one(banks, 1, table_of({2}));
  BankLinks silent(banks.options(1));
  CancellationToken cancellation({.silence = ample});
  std::vector<std::unique_ptr<Transport>> connections;
  for (int i = 0; i < 12; ++i) {
    SessionId session;
    random_bytes(session);
    connections.push_back(silent.dial(0, session, HandshakeKind::ask, cancellation));
  }
  EXPECT_EQ(ask_plain(banks, 2, table_of({2}), plain_asking(), cancellation).outcome.answer.rows,
            std::vector<bool>{true});
}

TEST(BankFaults, ABankThatIsNotThereIsNamed) {
  TestBanks banks(2);
  { const Socket closed = banks.take_socket(1); }
  BankLinks::Options options = banks.options(0);
  options.dial_limit = 300ms;
  BankLinks links(std::move(options));
  CancellationToken cancellation;
  const Error error = thrown_by([&] {
    ask(links, plain_asking(), table_of({1}), cancellation, no_progress, plain_protocol);
  });
  expect_error(error, Code::peer_lost, "bank 'bank1': cannot connect");
}

TEST(BankFaults, ABankWithAnotherKeyIsRefused) {
  TestBanks banks(2);
  BankNetwork forged = banks.network;
  const testing::Identity stranger = testing::make_identity("bank1");
  forged.banks[1].certificate = stranger.certificate_pem;
  forged.id = make_bank_network(forged.banks).id;
  const BankIdentity identity{stranger.certificate_pem,
                              Bytes(stranger.key_pem.begin(), stranger.key_pem.end())};
  AnsweringBank imposter({.network = forged, .identity = identity}, banks.take_socket(1),
                         table_of({1}), {}, plain_protocol);
  expect_error(asked_in_vain(banks), Code::forbidden,
               "bank 'bank1' showed a certificate that is not the one in the network file");
}

TEST(BankFaults, ABankOfAnotherNetworkIsRefused) {
  TestBanks banks(2);
  const BankNetwork other = make_bank_network(banks.network.banks);  // another matching key
  AnsweringBank one({.network = other, .identity = banks.identities[1]}, banks.take_socket(1),
                    table_of({1}), {}, plain_protocol);
  const Error error = asked_in_vain(banks);
  expect_error(error, Code::peer_aborted, "belongs to network");
  expect_error(error, Code::peer_aborted, "bank 'bank1'");
}

TEST(BankFaults, ABankWithAnExpiredCertificateDoesNotStart) {
  TestBanks banks(2);
  const testing::Identity old = testing::make_identity("bank0", -48h);
  banks.network.banks[0].certificate = old.certificate_pem;
  banks.identities[0] = {old.certificate_pem, Bytes(old.key_pem.begin(), old.key_pem.end())};
  expect_error(asked_in_vain(banks), Code::forbidden, "valid");
}

TEST(BankFaults, AFailureInTheProtocolNamesTheBankToAll) {
  TestBanks banks(3);
  const auto failing = [](std::string_view) -> PeerProtocol* {
    return [](Parties&, const PeerMatch&, const PeerTable&, const Progress&) -> PeerAnswer {
      fail(Code::busy, "no memory left");
    };
  };
  AnsweringBank one(banks, 1, table_of({1}), {}, failing);
  AnsweringBank two(banks, 2, table_of({1}));
  const Error error = asked_in_vain(banks);
  expect_error(error, Code::peer_aborted, "bank 'bank1' stopped the session: no memory left");
  EXPECT_EQ(one.wait(Kind::failed).code, Code::busy);
  EXPECT_NE(two.wait(Kind::failed).why.find("bank"), std::string::npos);
}

TEST(BankFaults, ABankThatHangsUpIsNamed) {
  TestBanks banks(2);
  Listening one(banks, 1);
  std::jthread thread([&] { one.take_call(); });  // and drops it
  expect_error(asked_in_vain(banks), Code::peer_lost, "bank 'bank1'");
}

TEST(BankFaults, ABankThatSaysNothingIsNamed) {
  TestBanks banks(2);
  Listening one(banks, 1);  // accepts connections, answers no call
  BankLinks links(banks.options(0));
  CancellationToken cancellation;
  links.warm(1, cancellation);
  Asking soon = plain_asking();
  soon.greeting_silence = 300ms;
  const Error error = thrown_by(
      [&] { ask(links, soon, table_of({1}), cancellation, no_progress, plain_protocol); });
  expect_error(error, Code::timed_out, "no answer from bank 'bank1' for 300 ms");
}

TEST(BankFaults, ABankThatFallsSilentInTheSessionIsNamed) {
  TestBanks banks(2);
  Listening one(banks, 1);
  std::promise<void> over;
  std::jthread thread([&] {
    const auto greeting = one.take_call();
    receive_query(greeting->channel(), banks.network);
    send_part(greeting->channel(), {.bound = min_bound});
    greeting->channel().flush();
    over.get_future().wait();
  });
  Asking soon = plain_asking();
  soon.silence = 300ms;
  expect_error(asked_in_vain(banks, soon), Code::timed_out,
               "bank 'bank1' gave no sign of life for 300 ms");
  over.set_value();
}

// Between a sign of life each second and the silence there are four seconds.
TEST(BankFaults, ABankThatComputesForLongIsNotMissed) {
  TestBanks banks(2);
  const auto slow = [](std::string_view) -> PeerProtocol* {
    return [](Parties& parties, const PeerMatch& match, const PeerTable& table,
              const Progress& progress) {
      std::this_thread::sleep_for(5500ms);
      return plain_exchange(parties, match, table, progress);
    };
  };
  AnsweringBank one(banks, 1, table_of({1001}), {}, slow);
  Asking soon = plain_asking();
  soon.silence = 5s;
  CancellationToken cancellation;
  const AskedOutcome asked = ask_plain(banks, 0, table_of({1, 2}), soon, cancellation);
  EXPECT_EQ(asked.outcome.answer.rows, (std::vector<bool>{true, false}));
}

std::atomic<int> computing;  // banks in `wait_for_ever`

PeerAnswer wait_for_ever(Parties& parties, const PeerMatch&, const PeerTable&, const Progress&) {
  ++computing;
  computing.notify_all();
  std::uint8_t byte;
  parties.to(parties.self() == 0 ? 1 : 0).receive({&byte, 1});  // which never comes
  return {};
}

PeerProtocol* waiting(std::string_view) { return wait_for_ever; }

void expect_told(AnsweringBank& bank) {
  const auto seen = bank.wait(Kind::failed);
  EXPECT_EQ(seen.code, Code::peer_aborted) << seen.why;
  EXPECT_NE(seen.why.find("stopped the session"), std::string::npos) << seen.why;
}

/// Cancels once `moment` has returned.
void expect_told_of_cancel(void (*moment)(AnsweringBank& one, AnsweringBank& two)) {
  TestBanks banks(3);
  computing = 0;
  AnsweringBank one(banks, 1, table_of({1}), {}, waiting);
  AnsweringBank two(banks, 2, table_of({1}), {}, waiting);
  BankLinks links(banks.options(0));
  CancellationToken cancellation;
  std::jthread stopper([&] {
    moment(one, two);
    cancellation.cancel();
  });
  const Error error = thrown_by(
      [&] { ask(links, plain_asking(), table_of({1}), cancellation, no_progress, waiting); });
  EXPECT_EQ(error.code(), Code::cancelled) << error.what();
  expect_told(one);
  expect_told(two);
}

TEST(BankFaults, TheRequesterCancelsAndTheOthersAreTold) {
  expect_told_of_cancel([](AnsweringBank&, AnsweringBank&) {
    for (int so_far = computing; so_far < 3; so_far = computing) computing.wait(so_far);
  });
}

TEST(BankFaults, TheRequesterCancelsWhileItCallsAndThoseThatWereAskedAreTold) {
  for (int turn = 0; turn < 3; ++turn) {
    expect_told_of_cancel([](AnsweringBank& one, AnsweringBank& two) {
      one.wait(Kind::asked);
      two.wait(Kind::asked);
    });
  }
}

TEST(BankFaults, ABankThatIsStoppedTellsTheRequester) {
  TestBanks banks(2);
  AnsweringBank one(banks, 1, table_of({1}), {}, waiting);
  std::jthread stopper([&] {
    one.wait(Kind::asked);
    one.stop();
  });
  const Error error = asked_in_vain(banks);
  expect_error(error, Code::peer_aborted, "bank 'bank1' stopped the session");
}

TEST(BankFaults, AfterAFailureTheNextSessionIsClean) {
  TestBanks banks(2);
  static std::atomic<int> runs;
  runs = 0;
  const auto once = [](std::string_view) -> PeerProtocol* {
    return [](Parties& parties, const PeerMatch& match, const PeerTable& table,
              const Progress& progress) {
      if (runs++ == 0) fail(Code::internal, "the first time it fails");
      return plain_exchange(parties, match, table, progress);
    };
  };
  AnsweringBank one(banks, 1, table_of({1001}), {}, once);
  BankLinks links(banks.options(0));
  CancellationToken cancellation;
  const auto ask_again = [&] {
    return ask(links, plain_asking(), table_of({1, 2}), cancellation, no_progress, plain_protocol);
  };
  EXPECT_THROW(ask_again(), Error);
  EXPECT_EQ(ask_again().outcome.answer.rows, (std::vector<bool>{true, false}));
}

TEST(BankFaults, ASessionsIdIsUsedOnce) {
  TestBanks banks(2);
  AnsweringBank one(banks, 1, table_of({1}));
  Caller caller(banks, 0);
  const Query query = query_of(caller.links);
  receive_part(caller.call(1, query)->channel(), "one");
  expect_error(thrown_by([&] { receive_part(caller.call(1, query)->channel(), "one"); }),
               Code::forbidden, "one takes no part: this session's id was used before");
}

TEST(BankFaults, AQueryIsBoundToItsConnection) {
  TestBanks banks(3);
  AnsweringBank one(banks, 1, table_of({1}));
  Caller caller(banks, 0);
  Query posed_as_another = query_of(caller.links);
  posed_as_another.requester = 2;
  expect_error(thrown_by([&] { receive_part(caller.call(1, posed_as_another)->channel(), "one"); }),
               Code::forbidden, "another session or bank");
}

/// A requester tells the first bank of its own part as it is, and the second as bent.
void expect_noticed_by_all(const std::function<void(Part&)>& bend, std::string_view why) {
  TestBanks banks(3);
  AnsweringBank one(banks, 1, table_of({1})), two(banks, 2, table_of({1}));
  Caller caller(banks, 0);
  const Query query = query_of(caller.links);
  const auto first = caller.call(1, query), second = caller.call(2, query);
  std::vector<Part> parts(3, Part{.bound = query.bound});
  parts[1] = receive_part(first->channel(), "one");
  parts[2] = receive_part(second->channel(), "two");
  send_parts(first->channel(), parts);
  bend(parts[0]);
  send_parts(second->channel(), parts);
  first->channel().flush();
  second->channel().flush();
  BankConnections connections(caller.links, query.session, 0, caller.cancellation);
  const Parties& parties = connections.open();
  const SessionTerms terms{query, parts};
  const auto topics = terms.topics(banks.network);
  const auto own = digests_of(topics, to_hex(query.session));
  parties.to(1).send(own);
  parties.to(2).send(own);                    // as bank 2 has them
  for (AnsweringBank* bank : {&one, &two}) {  // by itself, or as the other says
    const auto seen = bank->wait(Kind::failed);
    EXPECT_NE(seen.why.find(why), std::string::npos) << seen.why;
  }
}

TEST(BankFaults, TermsThatDifferAreNoticedByAll) {
  expect_noticed_by_all([](Part& own) { own.nonce[0] = 7; },
                        "the numbers drawn for this session differs");
  expect_noticed_by_all([](Part& own) { own.key[31] = 1; }, "the keys that banks kept differs");
}

TEST(BankFaults, TermsWithAnotherPartOfOursAreRefused) {
  TestBanks banks(2);
  AnsweringBank one(banks, 1, table_of({1}));
  Caller caller(banks, 0);
  const auto greeting = caller.call(1, query_of(caller.links));
  std::vector<Part> parts(2, Part{.bound = min_bound});
  parts[1] = receive_part(greeting->channel(), "one");
  parts[1].bound += 1;
  send_parts(greeting->channel(), parts);
  greeting->channel().flush();
  EXPECT_EQ(one.wait(Kind::failed).code, Code::cheating);
}

/// Rules and counts go by the rows that the query names.
TEST(BankFaults, ARequesterMayListNoMoreRowsThanItsQueryNamed) {
  TestBanks banks(2);
  AnsweringBank one(banks, 1, table_of({1}));
  Caller caller(banks, 0);
  const auto greeting = caller.call(1, query_of(caller.links));
  std::vector<Part> parts(2, Part{.bound = 1000});
  parts[1] = receive_part(greeting->channel(), "one");
  send_parts(greeting->channel(), parts);
  greeting->channel().flush();
  const auto seen = one.wait(Kind::failed);
  EXPECT_EQ(seen.code, Code::cheating);
  EXPECT_NE(seen.why.find("other rows than its query named"), std::string::npos) << seen.why;
}

TEST(BankFaults, BoundsThatNoHonestBankNamesAreRefused) {
  const TestBanks banks(2);
  for (const std::uint64_t bound : {0, 15}) {
    const std::string part = fmt::format(R"({{"accepted":1,"bound":{},"key":"{}","nonce":"{}"}})",
                                         bound, std::string(64, '0'), std::string(32, '0'));
    expect_error(thrown_by([&] { parse_part(part, "one"); }), Code::bad_input, "bound");
    const std::string query = fmt::format(
        R"({{"asker":0,"bound":{},"deadline_ms":1,"flags":1,"format":1,"key":[],"network":"{}",)"
        R"("protocol":"plain","session":"{}","threshold":2,"version":"{}"}})",
        bound, banks.network.id, std::string(32, '0'), version);
    expect_error(thrown_by([&] { parse_query(query, banks.network); }), Code::bad_input, "bound");
  }
}

TEST(BankFaults, OneRequesterTakesOnePlace) {
  TestBanks banks(3);
  AnsweringBank one(banks, 1, table_of({1, 1002}));
  Caller caller(banks, 0);
  const auto held = caller.call(1, query_of(caller.links));  // and never goes on
  receive_part(held->channel(), "one");
  expect_error(thrown_by([&] {
                 const auto second = caller.call(1, query_of(caller.links));
                 receive_part(second->channel(), "one");
               }),
               Code::busy, "it takes part in 1 of your sessions already");
  // Another requester has a place of its own.
  Caller other(banks, 2);
  const auto another = other.call(1, query_of(other.links));
  EXPECT_EQ(receive_part(another->channel(), "one").bound, min_bound);
}

TEST(BankFaults, TheAnsweringBanksOwnDeadlineEndsASession) {
  TestBanks banks(2);
  const auto endless = [](std::string_view) -> PeerProtocol* {
    return [](Parties& parties, const PeerMatch& match, const PeerTable&, const Progress&) {
      std::uint64_t never;
      parties.to(1 - parties.self()).receive_words({&never, 1});
      return PeerAnswer{{}, match.threshold};
    };
  };
  AnsweringBank one(banks, 1, table_of({1}), {.deadline = 300ms}, endless);
  Asking long_one = plain_asking();
  long_one.deadline = ample;
  const Error error = thrown_by([&] {
    CancellationToken cancellation;
    BankLinks links(banks.options(0));
    ask(links, long_one, table_of({1}), cancellation, no_progress, endless);
  });
  EXPECT_EQ(one.wait(Kind::failed).code, Code::timed_out);
  expect_error(error, Code::peer_aborted, "bank 'bank1'");
}

TEST(BankFaults, ALyingLengthIsRefusedByTheOneAsked) {
  TestBanks banks(2);
  AnsweringBank one(banks, 1, table_of({1}));
  Caller caller(banks, 0);
  SessionId session{9};
  Greeting greeting(caller.links.dial(1, session, HandshakeKind::ask, caller.cancellation),
                    caller.links.ends(1), caller.cancellation);
  const std::uint64_t size = std::uint64_t{1} << 62;
  greeting.channel().send_words({&size, 1});
  greeting.channel().flush();
  const auto seen = one.wait(Kind::refused);
  EXPECT_EQ(seen.code, Code::cheating) << seen.why;
  EXPECT_EQ(seen.requester, "bank0");
}

TEST(BankFaults, ALyingLengthIsRefusedByTheRequester) {
  TestBanks banks(2);
  Listening one(banks, 1);
  std::jthread thread([&] {
    const auto greeting = one.take_call();
    receive_query(greeting->channel(), banks.network);
    const std::uint64_t size = 64 * 1024 + 1;
    greeting->channel().send_words({&size, 1});
    greeting->channel().flush();
  });
  expect_error(asked_in_vain(banks), Code::cheating, "bank 'bank1': answer of 65537 bytes");
}

TEST(BankFaults, AnAnswerThatIsNoJsonNamesTheBank) {
  TestBanks banks(2);
  Listening one(banks, 1);
  std::jthread thread([&] {
    const auto greeting = one.take_call();
    receive_query(greeting->channel(), banks.network);
    const std::uint64_t size = 3;
    greeting->channel().send_words({&size, 1});
    greeting->channel().send(bytes_of("{{{"));
    greeting->channel().flush();
  });
  expect_error(asked_in_vain(banks), Code::bad_input, "bank 'bank1'");
}

TEST(BankFaults, AFrameOfAnotherLengthIsRefused) {
  TestBanks banks(2);
  const auto lying = [](std::string_view) -> PeerProtocol* {
    return [](Parties& parties, const PeerMatch& match, const PeerTable&, const Progress&) {
      parties.to(match.requester).send(Bytes(7, 1));  // of another length than is due
      return PeerAnswer{};
    };
  };
  AnsweringBank one(banks, 1, table_of({1}), {}, lying);
  expect_error(asked_in_vain(banks), Code::cheating, "bank 'bank1' sent a frame with length 7");
}

}  // namespace
}  // namespace polder
