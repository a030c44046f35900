// Look-ups between banks over TLS: right answers, a register that lies, a requester that asks too
// much. Oracle: the register's rows.
#include "peer/lookup/lookup.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "crypto/random.h"
#include "peer/lookup/list_file.h"
#include "peer/message.h"
#include "peer/test_lookups.h"

namespace polder {
namespace {

namespace fs = std::filesystem;
using testing::AnsweringBank;
using testing::as_they_are;
using testing::Asked;
using testing::expect_error;
using testing::identifier;
using testing::Listening;
using testing::padded;
using testing::query_on;
using testing::Register;
using testing::register_of;
using testing::report_of;
using testing::Reports;
using testing::Requester;
using testing::TestBanks;
using testing::thrown_by;
using Kind = AnswerEvent::Kind;

constexpr std::uint64_t rows = testing::register_rows;

void expect_right(const LookedUp& found, const std::vector<std::uint64_t>& numbers,
                  std::uint64_t held) {
  ASSERT_EQ(found.reports.size(), numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto due = numbers[i] < held
                         ? std::optional(padded(report_of(numbers[i]), found.list.shape))
                         : std::nullopt;
    EXPECT_EQ(found.reports[i], due) << numbers[i];
  }
}

std::vector<std::uint64_t> first_numbers(std::size_t n) {
  std::vector<std::uint64_t> numbers(n);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(BankLookup, EqualsTheRegister) {
  for (const std::uint64_t held : {0, 1, 2, 33}) {
    TestBanks banks(2);
    Register incidents(register_of(held));
    AnsweringBank other(banks, 1, incidents.service);
    Requester requester(banks);
    const std::vector<std::vector<std::uint64_t>> queries{
        {0}, {40}, {1, 40}, {2, 2}, first_numbers(max_looked_up)};
    for (const auto& numbers : queries) {
      const LookedUp found = requester.ask(numbers);
      expect_right(found, numbers, held);
      EXPECT_EQ(found.list.fingerprint, incidents.service.list().head.fingerprint);
    }
  }
}

TEST(BankLookup, IdentifiersAreHashedAsTheRegistersKeySays) {
  TestBanks banks(2);
  const std::vector<KeyColumn> key{{.name = "last"}, {.name = "born", .kind = "date"}};
  const TestFolder folder;
  Asked asked(folder, 1000);
  LookupService service(
      {.rows = register_of(rows), .folder = folder.path(), .asked = asked, .key = key});
  AnsweringBank other(banks, 1, service);
  Requester requester(banks);
  std::vector<KeyColumn> told;
  CancellationToken cancellation({.silence = testing::ample});
  look_up(
      requester.links, 1,
      [&](const std::vector<KeyColumn>& of_register) {
        told = of_register;
        return std::vector{identifier(1)};
      },
      requester.folder.path() / "registers", cancellation);
  EXPECT_EQ(told, key);
}

TEST(BankLookup, WithoutReportsAnswersYesOrNo) {
  TestBanks banks(2);
  Register incidents(register_of(rows, Reports::none));
  AnsweringBank other(banks, 1, incidents.service);
  const LookedUp found = Requester(banks).ask({4, 5});
  EXPECT_EQ(found.list.shape.report_bytes, 0u);
  EXPECT_EQ(found.reports, (std::vector<std::optional<std::string>>{"", std::nullopt}));
}

TEST(BankLookup, TheRegistersBankSeesWhoAskedHowMany) {
  TestBanks banks(2);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.service);
  Requester(banks).ask({4, 5, 6});
  const auto seen = other.wait(Kind::looked_up);
  EXPECT_EQ(seen.requester, "bank0");
  EXPECT_EQ(seen.looked_up, 3u);
}

TEST(BankLookup, AListIsFetchedOnceAndAgainWhenItChanged) {
  TestBanks banks(3);
  Register before(register_of(rows)), after(register_of(rows + 1));
  Requester requester(banks);
  {
    AnsweringBank other(banks, 1, before.service);
    EXPECT_FALSE(requester.ask({rows}).list_was_kept);
    EXPECT_TRUE(requester.ask({rows}).list_was_kept);
    Requester another(banks, 2);
    EXPECT_FALSE(another.ask({rows}).list_was_kept);
  }
  TestBanks later(2);
  AnsweringBank other(later, 1, after.service);
  BankLinks links(later.options(0));
  CancellationToken cancellation({.silence = testing::ample});
  const LookedUp found = look_up(links, 1, as_they_are({identifier(rows)}),
                                 requester.folder.path() / "registers", cancellation);
  EXPECT_FALSE(found.list_was_kept);
  expect_right(found, {rows}, rows + 1);
}

TEST(BankLookup, AServiceThatStartsAgainHasTheSameList) {
  const TestFolder folder;
  const RegisterRows held = register_of(rows);
  Asked asked(folder);
  const auto fingerprint = [&] {
    return LookupService({.rows = held, .folder = folder.path(), .asked = asked})
        .list()
        .head.fingerprint;
  };
  EXPECT_EQ(fingerprint(), fingerprint());
  EXPECT_NE(fingerprint(), Register(held).service.list().head.fingerprint);  // another seed
}

TEST(BankLookup, ASeedThatOthersCanReadOrThatIsNoneIsRefused) {
  const TestFolder folder;
  const RegisterRows held = register_of(1);
  const fs::path seed = folder.path() / "lookup.seed";
  Asked asked(folder);
  const auto make = [&] { LookupService({.rows = held, .folder = folder.path(), .asked = asked}); };
  make();
  fs::permissions(seed, fs::perms::others_read, fs::perm_options::add);
  expect_error(thrown_by(make), Code::forbidden, "chmod 600");
  write_file(seed, "short");
  fs::permissions(seed, fs::perms::owner_read | fs::perms::owner_write);
  expect_error(thrown_by(make), Code::bad_input, "lookup.seed: not a seed");
}

TEST(BankLookup, ABoundBelowTheRowsIsRefused) {
  const TestFolder folder;
  const RegisterRows held = register_of(3);
  Asked asked(folder);
  expect_error(thrown_by([&] {
                 LookupService({.rows = held, .bound = 2, .folder = folder.path(), .asked = asked});
               }),
               Code::bad_input, "the bound 2 is less than the 3 identifiers");
}

// What a register's bank may refuse.

VoprfQuery some_query() { return VoprfQuery(VoprfQuery::Inputs(1, {1, 2})); }

TEST(BankLookup, TheLimitHoldsForEachBankAndAcrossARestart) {
  TestBanks banks(3);
  const TestFolder folder;
  const RegisterRows held = register_of(rows);
  Asked asked(folder, 3);
  LookupService service({.rows = held, .folder = folder.path(), .asked = asked});
  AnsweringBank other(banks, 1, service);
  Requester requester(banks), another(banks, 2);
  requester.ask({0, 1});
  expect_error(thrown_by([&] {
                 requester.ask({0, 1});
               }),
               Code::busy,
               "bank 'bank1' takes no part: the limit of 3 look-ups of a bank in 24 hours is "
               "reached; ask again at ");
  expect_right(requester.ask({4}), {4}, rows);
  expect_right(another.ask({3, 4, 5}), {3, 4, 5}, rows);
  EXPECT_EQ(other.wait(Kind::refused).code, Code::busy);

  Asked asked_again(folder, 3);
  LookupService again({.rows = held, .folder = folder.path(), .asked = asked_again});
  const VoprfQuery blinded = some_query();
  expect_error(
      thrown_by([&] { again.answer({.blinded = blinded.blinded()}, banks.network.banks[0]); }),
      Code::busy, "the limit of 3");
}

TEST(BankLookup, WhatIsNoPointIsCountedAndRefused) {
  Register incidents(register_of(1), 1);
  const TestBanks banks(2);
  const BankCard& requester = banks.network.banks[0];
  LookupQuery query;
  query.blinded.emplace_back();
  query.blinded[0].fill(0xff);
  EXPECT_EQ(thrown_by([&] { incidents.service.answer(query, requester); }).code(), Code::cheating);
  EXPECT_EQ(thrown_by([&] { incidents.service.answer(query, requester); }).code(), Code::busy);
}

TEST(BankLookup, OnlyThoseWhoAreAllowedMayAsk) {
  TestBanks banks(3);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.service, {.allow = {"bank2"}});
  expect_error(thrown_by([&] { Requester(banks).ask({1}); }), Code::forbidden,
               "bank 'bank1' takes no part: it does not answer bank 'bank0'");
  expect_right(Requester(banks, 2).ask({1}), {1}, rows);
}

TEST(BankLookup, ABankWithoutARegisterSaysSo) {
  TestBanks banks(2);
  AnsweringBank other(banks, 1, testing::table_of({1}));
  expect_error(thrown_by([&] { Requester(banks).ask({1}); }), Code::forbidden,
               "it has no register to look up in");
}

TEST(BankLookup, ABankOfARegisterAloneTakesPartInNoMatch) {
  TestBanks banks(2);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.service);
  CancellationToken cancellation;
  expect_error(thrown_by([&] {
                 testing::ask_plain(banks, 0, testing::table_of({1}), testing::plain_asking(),
                                    cancellation);
               }),
               Code::forbidden, "takes part in no match");
}

/// Says to bank 1 on a connection of its own what is given; returns its answer.
LookupAnswer said(BankLinks& links, const SessionId& session, const LookupQuery& query) {
  CancellationToken cancellation({.silence = testing::ample});
  Greeting greeting(links.dial(1, session, HandshakeKind::ask, cancellation), links.ends(1),
                    cancellation);
  send_text(greeting.channel(), to_text(query, links.network()));
  return parse_lookup_answer(receive_message(greeting.channel(), "answer"), "one");
}

TEST(BankLookup, AQueryIsBoundToItsConnectionAndAskedOnce) {
  TestBanks banks(3);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.service);
  BankLinks links(banks.options(0));
  const VoprfQuery blinded = some_query();
  LookupQuery query{.session = {}, .requester = 0, .blinded = blinded.blinded()};
  random_bytes(query.session);
  EXPECT_EQ(said(links, query.session, query).evaluated.evaluated.size(), 1u);
  expect_error(thrown_by([&] { said(links, query.session, query); }), Code::forbidden,
               "id was used before");
  expect_error(thrown_by([&] { said(links, SessionId{3}, query); }), Code::forbidden,
               "another session or bank");
  random_bytes(query.session);
  query.requester = 2;
  expect_error(thrown_by([&] { said(links, query.session, query); }), Code::forbidden,
               "another session or bank");
}

/// The requester learns that something is wrong; the bank's own log, what.
TEST(BankLookup, ARegistersOwnTroubleIsNotToldToTheRequester) {
  const auto refused_after = [](const char* harm) {
    TestBanks banks(2);
    Register incidents;
    Database counts(incidents.folder.path() / "asked.counts");
    counts.run(harm);
    AnsweringBank other(banks, 1, incidents.service);
    expect_error(thrown_by([&] { Requester(banks).ask({1}); }), Code::peer_aborted,
                 "no part: something is wrong at this bank; its own log says what");
    const auto seen = other.wait(Kind::refused);
    EXPECT_NE(seen.why.find("asked.counts"), std::string::npos) << seen.why;
    return seen.code;
  };
  EXPECT_EQ(refused_after("DROP TABLE asked"), Code::internal);
  EXPECT_EQ(refused_after("BEGIN IMMEDIATE"),
            Code::busy);  // the look-up service waits two seconds for it
}

// A register that lies.

/// What a bank with a register says to one query, as a test bends it.
struct Said {
  LookupAnswer answer;
  Bytes entries;
};

/// The error of a requester whose register says what `bend` makes of an honest answer.
Error asked_a_liar(const std::function<void(Said&, const LookupQuery&)>& bend) {
  TestBanks banks(2);
  Register incidents;
  Listening liar(banks, 1);
  std::jthread thread([&] {
    const auto greeting = liar.take_call();
    Channel& connection = greeting->channel();
    const LookupQuery query = parse_lookup_query(query_on(connection), banks.network);
    Said honest{.answer = incidents.service.answer(query, banks.network.banks[0]),
                .entries = incidents.service.list().entries};
    bend(honest, query);
    send_text(connection, to_text(honest.answer));
    try {
      std::uint64_t wanted;
      connection.receive_words({&wanted, 1});
      connection.send(honest.entries);
      connection.flush();
    } catch (const Error&) {
      return;  // the requester has seen enough
    }
  });
  Requester requester(banks);
  const Error error = thrown_by([&] { requester.ask({1, 9}); });
  EXPECT_TRUE(fs::is_empty(requester.folder.path() / "registers")) << "a lie was kept";
  return error;
}

TEST(LyingRegister, AWrongProofIsFound) {
  expect_error(
      asked_a_liar([](Said& said, const LookupQuery&) { said.answer.evaluated.proof[40] ^= 1; }),
      Code::cheating, "bank 'bank1'");
}

TEST(LyingRegister, AnEvaluationThatIsNotProvenIsFound) {
  expect_error(asked_a_liar([](Said& said, const LookupQuery&) {
                 auto& points = said.answer.evaluated.evaluated;
                 std::swap(points[0], points[1]);
               }),
               Code::cheating, "did not use the key that it published");
}

TEST(LyingRegister, AnotherKeyIsFound) {
  const VoprfKey other = VoprfKey::derive(testing::some_seed, {});
  expect_error(asked_a_liar([&](Said& said, const LookupQuery& query) {
                 said.answer.evaluated = other.answer(query.blinded);
               }),
               Code::cheating, "did not use the key that it published");
  // A key made for one requester does not fit the list that all see.
  expect_error(asked_a_liar([&](Said& said, const LookupQuery& query) {
                 said.answer.evaluated = other.answer(query.blinded);
                 said.answer.list.public_point = other.public_point();
               }),
               Code::cheating, "not the one whose fingerprint it gave");
}

TEST(LyingRegister, FewerAnswersThanQueriesAreFound) {
  expect_error(asked_a_liar([](Said& said, const LookupQuery&) {
                 said.answer.evaluated.evaluated.pop_back();
               }),
               Code::cheating, "1 answers to 2 queries");
}

TEST(LyingRegister, ATruncatedListIsFound) {
  const auto drop_one = [](Said& said, const LookupQuery&) {
    said.entries.resize(said.entries.size() - said.answer.list.shape.entry_bytes());
  };
  expect_error(asked_a_liar(drop_one), Code::cheating, "length");
  expect_error(asked_a_liar([&](Said& said, const LookupQuery& query) {
                 drop_one(said, query);
                 said.answer.list.shape.entries -= 1;
               }),
               Code::cheating, "not the one whose fingerprint it gave");
}

TEST(LyingRegister, AnEntryThatWasReplacedIsFound) {
  expect_error(asked_a_liar([](Said& said, const LookupQuery&) { said.entries[3] ^= 1; }),
               Code::cheating, "not the one whose fingerprint it gave");
}

/// A list whose reports stand at one another's identifiers, under a fingerprint that fits.
PublishedList spoilt_list() {
  PublishedList list = publish(register_of(rows), rows, testing::some_seed);
  const std::size_t size = list.head.shape.entry_bytes();
  for (std::size_t at = 0; at + size < list.entries.size(); at += size)
    std::swap_ranges(&list.entries[at + 16], &list.entries[at + size],
                     &list.entries[at + size + 16]);
  ListDigest digest(list.head.shape, list.head.public_point);
  digest.add(list.entries);
  list.head.fingerprint = digest.finish();
  return list;
}

/// Answers one call with that list.
void answer_with(const PublishedList& list, Listening& liar, const TestBanks& banks) {
  const auto greeting = liar.take_call();
  const LookupQuery query = parse_lookup_query(query_on(greeting->channel()), banks.network);
  send_text(greeting->channel(),
            to_text(LookupAnswer{.evaluated = list.key.answer(query.blinded), .list = list.head}));
  hand_out_list(greeting->channel(), list);
}

// The search runs after the connection has ended; a list that is kept and false is found at each
// look-up.
TEST(LyingRegister, AReportOfAnotherIdentifierIsFound) {
  TestBanks banks(2);
  const PublishedList list = spoilt_list();
  Listening liar(banks, 1);
  std::jthread thread([&] { answer_with(list, liar, banks); });
  expect_error(thrown_by([&] { Requester(banks).ask({1}); }), Code::cheating,
               "bank 'bank1': its register holds an identifier under a report that is not");
}

/// The error comes only if the requester asked about a spoilt identifier, so nothing that the
/// register sees may follow from it: no second call by itself.
TEST(LyingRegister, ASpoiltReportIsNotToldByAnotherCall) {
  TestBanks banks(2);
  const PublishedList list = spoilt_list();
  Listening liar(banks, 1);
  Code next = Code::internal;
  std::jthread thread([&] {
    answer_with(list, liar, banks);
    CancellationToken until;
    std::jthread end([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      until.cancel();
    });
    next = thrown_by([&] { liar.links.next_call(until); }).code();
  });
  EXPECT_THROW(Requester(banks).ask({1}), Error);
  thread.join();
  EXPECT_EQ(next, Code::cancelled);
}

TEST(LyingRegister, ASizeThatNoRegisterHasTakesNoMemory) {
  expect_error(asked_a_liar([](Said& said, const LookupQuery&) {
                 said.answer.list.shape.entries = std::uint64_t{1} << 62;
               }),
               Code::cheating, "no register has that");
}

// What the register's bank can see.

struct Heard {
  std::size_t query_bytes = 0;
  std::vector<Point> blinded;
  Code end = Code::internal;  // of a connection on which nothing else came
};

/// All that comes from a requester of these identifiers.
Heard heard_from(const std::vector<std::uint64_t>& numbers) {
  TestBanks banks(2);
  Register incidents;
  Listening bank(banks, 1);
  Heard heard;
  {
    std::jthread thread([&] {
      const auto greeting = bank.take_call();
      Channel& connection = greeting->channel();
      const std::string text = query_on(connection);
      const LookupQuery query = parse_lookup_query(text, banks.network);
      heard.query_bytes = text.size();
      heard.blinded = query.blinded;
      send_text(connection, to_text(incidents.service.answer(query, banks.network.banks[0])));
      hand_out_list(connection, incidents.service.list());
      heard.end = thrown_by([&] {
                    std::uint8_t byte;
                    connection.receive({&byte, 1});
                  }).code();
    });
    Requester(banks).ask(numbers);
  }
  return heard;
}

TEST(BankLookup, WhatIsSentDoesNotTellWhatIsFound) {
  const Heard found = heard_from({1, 2}), again = heard_from({1, 2}), none = heard_from({8, 9});
  EXPECT_EQ(found.query_bytes, none.query_bytes);
  EXPECT_EQ(found.end, Code::peer_lost);
  EXPECT_EQ(none.end, Code::peer_lost);
  for (const Point& point : found.blinded) {  // fresh blinds: nobody sees the same asked twice
    EXPECT_EQ(std::ranges::count(again.blinded, point), 0);
    EXPECT_EQ(std::ranges::count(found.blinded, point), 1);
  }
}

}  // namespace
}  // namespace polder
