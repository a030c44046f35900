// Look-ups between banks over TLS: right answers, a register that lies, an asker that asks too
// much. Oracle: the register's rows.
#include "peer/lookup.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "crypto/random.h"
#include "peer/list_file.h"
#include "peer/message.h"
#include "peer/test_lookups.h"

namespace polder {
namespace {

namespace fs = std::filesystem;
using testing::AnsweringBank;
using testing::as_they_are;
using testing::Asked;
using testing::Asker;
using testing::expect_error;
using testing::identifier;
using testing::Listening;
using testing::padded;
using testing::question_on;
using testing::Register;
using testing::register_of;
using testing::report_of;
using testing::Reports;
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
    AnsweringBank other(banks, 1, incidents.desk);
    Asker asker(banks);
    const std::vector<std::vector<std::uint64_t>> questions{
        {0}, {40}, {1, 40}, {2, 2}, first_numbers(max_looked_up)};
    for (const auto& numbers : questions) {
      const LookedUp found = asker.ask(numbers);
      expect_right(found, numbers, held);
      EXPECT_EQ(found.list.fingerprint, incidents.desk.list().head.fingerprint);
    }
  }
}

TEST(BankLookup, IdentifiersAreHashedAsTheRegistersKeySays) {
  TestBanks banks(2);
  const std::vector<KeyColumn> key{{.name = "last"}, {.name = "born", .kind = "date"}};
  const TestFolder folder;
  Asked asked(folder, 1000);
  LookupDesk desk({.rows = register_of(rows), .folder = folder.path(), .asked = asked, .key = key});
  AnsweringBank other(banks, 1, desk);
  Asker asker(banks);
  std::vector<KeyColumn> told;
  Patience patience({.silence = testing::ample});
  look_up(
      asker.links, 1,
      [&](const std::vector<KeyColumn>& of_register) {
        told = of_register;
        return std::vector{identifier(1)};
      },
      asker.folder.path() / "registers", patience);
  EXPECT_EQ(told, key);
}

TEST(BankLookup, WithoutReportsAnswersYesOrNo) {
  TestBanks banks(2);
  Register incidents(register_of(rows, Reports::none));
  AnsweringBank other(banks, 1, incidents.desk);
  const LookedUp found = Asker(banks).ask({4, 5});
  EXPECT_EQ(found.list.shape.report_bytes, 0u);
  EXPECT_EQ(found.reports, (std::vector<std::optional<std::string>>{"", std::nullopt}));
}

TEST(BankLookup, TheRegistersBankSeesWhoAskedHowMany) {
  TestBanks banks(2);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.desk);
  Asker(banks).ask({4, 5, 6});
  const auto seen = other.wait(Kind::looked_up);
  EXPECT_EQ(seen.asker, "bank0");
  EXPECT_EQ(seen.looked_up, 3u);
}

TEST(BankLookup, AListIsFetchedOnceAndAgainWhenItChanged) {
  TestBanks banks(3);
  Register before(register_of(rows)), after(register_of(rows + 1));
  Asker asker(banks);
  {
    AnsweringBank other(banks, 1, before.desk);
    EXPECT_FALSE(asker.ask({rows}).list_was_kept);
    EXPECT_TRUE(asker.ask({rows}).list_was_kept);
    Asker another(banks, 2);
    EXPECT_FALSE(another.ask({rows}).list_was_kept);
  }
  TestBanks later(2);
  AnsweringBank other(later, 1, after.desk);
  BankLinks links(later.options(0));
  Patience patience({.silence = testing::ample});
  const LookedUp found = look_up(links, 1, as_they_are({identifier(rows)}),
                                 asker.folder.path() / "registers", patience);
  EXPECT_FALSE(found.list_was_kept);
  expect_right(found, {rows}, rows + 1);
}

TEST(BankLookup, ADeskThatStartsAgainHasTheSameList) {
  const TestFolder folder;
  const RegisterRows held = register_of(rows);
  Asked asked(folder);
  const auto fingerprint = [&] {
    return LookupDesk({.rows = held, .folder = folder.path(), .asked = asked})
        .list()
        .head.fingerprint;
  };
  EXPECT_EQ(fingerprint(), fingerprint());
  EXPECT_NE(fingerprint(), Register(held).desk.list().head.fingerprint);  // another seed
}

TEST(BankLookup, ASeedThatOthersCanReadOrThatIsNoneIsRefused) {
  const TestFolder folder;
  const RegisterRows held = register_of(1);
  const fs::path seed = folder.path() / "lookup.seed";
  Asked asked(folder);
  const auto make = [&] { LookupDesk({.rows = held, .folder = folder.path(), .asked = asked}); };
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
                 LookupDesk({.rows = held, .bound = 2, .folder = folder.path(), .asked = asked});
               }),
               Code::bad_input, "the bound 2 is less than the 3 identifiers");
}

// What a register's bank may refuse.

VoprfQuestion some_question() { return VoprfQuestion(VoprfQuestion::Inputs(1, {1, 2})); }

TEST(BankLookup, TheLimitHoldsForEachBankAndAcrossARestart) {
  TestBanks banks(3);
  const TestFolder folder;
  const RegisterRows held = register_of(rows);
  Asked asked(folder, 3);
  LookupDesk desk({.rows = held, .folder = folder.path(), .asked = asked});
  AnsweringBank other(banks, 1, desk);
  Asker asker(banks), another(banks, 2);
  asker.ask({0, 1});
  expect_error(thrown_by([&] {
                 asker.ask({0, 1});
               }),
               Code::busy,
               "bank 'bank1' takes no part: the limit of 3 look-ups of a bank in 24 hours is "
               "reached; ask again at ");
  expect_right(asker.ask({4}), {4}, rows);
  expect_right(another.ask({3, 4, 5}), {3, 4, 5}, rows);
  EXPECT_EQ(other.wait(Kind::refused).code, Code::busy);

  Asked asked_again(folder, 3);
  LookupDesk again({.rows = held, .folder = folder.path(), .asked = asked_again});
  const VoprfQuestion blinded = some_question();
  expect_error(
      thrown_by([&] { again.answer({.blinded = blinded.blinded()}, banks.network.banks[0]); }),
      Code::busy, "the limit of 3");
}

TEST(BankLookup, WhatIsNoPointIsCountedAndRefused) {
  Register incidents(register_of(1), 1);
  const TestBanks banks(2);
  const BankCard& asker = banks.network.banks[0];
  LookupQuestion question;
  question.blinded.emplace_back();
  question.blinded[0].fill(0xff);
  EXPECT_EQ(thrown_by([&] { incidents.desk.answer(question, asker); }).code(), Code::cheating);
  EXPECT_EQ(thrown_by([&] { incidents.desk.answer(question, asker); }).code(), Code::busy);
}

TEST(BankLookup, OnlyThoseWhoAreAllowedMayAsk) {
  TestBanks banks(3);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.desk, {.allow = {"bank2"}});
  expect_error(thrown_by([&] { Asker(banks).ask({1}); }), Code::forbidden,
               "bank 'bank1' takes no part: it does not answer bank 'bank0'");
  expect_right(Asker(banks, 2).ask({1}), {1}, rows);
}

TEST(BankLookup, ABankWithoutARegisterSaysSo) {
  TestBanks banks(2);
  AnsweringBank other(banks, 1, testing::table_of({1}));
  expect_error(thrown_by([&] { Asker(banks).ask({1}); }), Code::forbidden,
               "it has no register to look up in");
}

TEST(BankLookup, ABankOfARegisterAloneTakesPartInNoMatch) {
  TestBanks banks(2);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.desk);
  Patience patience;
  expect_error(thrown_by([&] {
                 testing::ask_plain(banks, 0, testing::table_of({1}), testing::plain_asking(),
                                    patience);
               }),
               Code::forbidden, "takes part in no match");
}

/// Says to bank 1 on a line of its own what is given; returns its answer.
LookupAnswer said(BankLinks& links, const SessionId& session, const LookupQuestion& question) {
  Patience patience({.silence = testing::ample});
  Greeting greeting(links.dial(1, session, NoteKind::ask, patience), links.ends(1), patience);
  send_text(greeting.channel(), to_text(question, links.network()));
  return parse_lookup_answer(receive_message(greeting.channel(), "answer"), "one");
}

TEST(BankLookup, AQuestionIsBoundToItsLineAndAskedOnce) {
  TestBanks banks(3);
  Register incidents;
  AnsweringBank other(banks, 1, incidents.desk);
  BankLinks links(banks.options(0));
  const VoprfQuestion blinded = some_question();
  LookupQuestion question{.session = {}, .asker = 0, .blinded = blinded.blinded()};
  random_bytes(question.session);
  EXPECT_EQ(said(links, question.session, question).evaluated.evaluated.size(), 1u);
  expect_error(thrown_by([&] { said(links, question.session, question); }), Code::forbidden,
               "id was used before");
  expect_error(thrown_by([&] { said(links, SessionId{3}, question); }), Code::forbidden,
               "another session or bank");
  random_bytes(question.session);
  question.asker = 2;
  expect_error(thrown_by([&] { said(links, question.session, question); }), Code::forbidden,
               "another session or bank");
}

/// The asker learns that something is wrong; the bank's own log, what.
TEST(BankLookup, ARegistersOwnTroubleIsNotToldToTheAsker) {
  const auto refused_after = [](const char* harm) {
    TestBanks banks(2);
    Register incidents;
    Database counts(incidents.folder.path() / "asked.counts");
    counts.run(harm);
    AnsweringBank other(banks, 1, incidents.desk);
    expect_error(thrown_by([&] { Asker(banks).ask({1}); }), Code::peer_aborted,
                 "no part: something is wrong at this bank; its own log says what");
    const auto seen = other.wait(Kind::refused);
    EXPECT_NE(seen.why.find("asked.counts"), std::string::npos) << seen.why;
    return seen.code;
  };
  EXPECT_EQ(refused_after("DROP TABLE asked"), Code::internal);
  EXPECT_EQ(refused_after("BEGIN IMMEDIATE"), Code::busy);  // the desk waits two seconds for it
}

// A register that lies.

/// What a bank with a register says to one question, as a test bends it.
struct Said {
  LookupAnswer answer;
  Bytes entries;
};

/// The error of an asker whose register says what `bend` makes of an honest answer.
Error asked_a_liar(const std::function<void(Said&, const LookupQuestion&)>& bend) {
  TestBanks banks(2);
  Register incidents;
  Listening liar(banks, 1);
  std::jthread thread([&] {
    const auto greeting = liar.take_call();
    Channel& line = greeting->channel();
    const LookupQuestion question = parse_lookup_question(question_on(line), banks.network);
    Said honest{.answer = incidents.desk.answer(question, banks.network.banks[0]),
                .entries = incidents.desk.list().entries};
    bend(honest, question);
    send_text(line, to_text(honest.answer));
    try {
      std::uint64_t wanted;
      line.receive_words({&wanted, 1});
      line.send(honest.entries);
      line.flush();
    } catch (const Error&) {
      return;  // the asker has seen enough
    }
  });
  Asker asker(banks);
  const Error error = thrown_by([&] { asker.ask({1, 9}); });
  EXPECT_TRUE(fs::is_empty(asker.folder.path() / "registers")) << "a lie was kept";
  return error;
}

TEST(LyingRegister, AWrongProofIsFound) {
  expect_error(
      asked_a_liar([](Said& said, const LookupQuestion&) { said.answer.evaluated.proof[40] ^= 1; }),
      Code::cheating, "bank 'bank1'");
}

TEST(LyingRegister, AnEvaluationThatIsNotProvenIsFound) {
  expect_error(asked_a_liar([](Said& said, const LookupQuestion&) {
                 auto& points = said.answer.evaluated.evaluated;
                 std::swap(points[0], points[1]);
               }),
               Code::cheating, "did not use the key that it published");
}

TEST(LyingRegister, AnotherKeyIsFound) {
  const VoprfKey other = VoprfKey::derive(testing::some_seed, {});
  expect_error(asked_a_liar([&](Said& said, const LookupQuestion& question) {
                 said.answer.evaluated = other.answer(question.blinded);
               }),
               Code::cheating, "did not use the key that it published");
  // A key made for one asker does not fit the list that all see.
  expect_error(asked_a_liar([&](Said& said, const LookupQuestion& question) {
                 said.answer.evaluated = other.answer(question.blinded);
                 said.answer.list.public_point = other.public_point();
               }),
               Code::cheating, "not the one whose fingerprint it gave");
}

TEST(LyingRegister, FewerAnswersThanQuestionsAreFound) {
  expect_error(asked_a_liar([](Said& said, const LookupQuestion&) {
                 said.answer.evaluated.evaluated.pop_back();
               }),
               Code::cheating, "1 answers to 2 questions");
}

TEST(LyingRegister, ATruncatedListIsFound) {
  const auto drop_one = [](Said& said, const LookupQuestion&) {
    said.entries.resize(said.entries.size() - said.answer.list.shape.entry_bytes());
  };
  expect_error(asked_a_liar(drop_one), Code::cheating, "length");
  expect_error(asked_a_liar([&](Said& said, const LookupQuestion& question) {
                 drop_one(said, question);
                 said.answer.list.shape.entries -= 1;
               }),
               Code::cheating, "not the one whose fingerprint it gave");
}

TEST(LyingRegister, AnEntryThatWasReplacedIsFound) {
  expect_error(asked_a_liar([](Said& said, const LookupQuestion&) { said.entries[3] ^= 1; }),
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
  const LookupQuestion question =
      parse_lookup_question(question_on(greeting->channel()), banks.network);
  send_text(
      greeting->channel(),
      to_text(LookupAnswer{.evaluated = list.key.answer(question.blinded), .list = list.head}));
  hand_out_list(greeting->channel(), list);
}

// The search runs after the line has ended; a list that is kept and false is found at each look-up.
TEST(LyingRegister, AReportOfAnotherIdentifierIsFound) {
  TestBanks banks(2);
  const PublishedList list = spoilt_list();
  Listening liar(banks, 1);
  std::jthread thread([&] { answer_with(list, liar, banks); });
  expect_error(thrown_by([&] { Asker(banks).ask({1}); }), Code::cheating,
               "bank 'bank1': its register holds an identifier under a report that is not");
}

/// The error comes only if the asker asked about a spoilt identifier, so nothing that the register
/// sees may follow from it: no second call by itself.
TEST(LyingRegister, ASpoiltReportIsNotToldByAnotherCall) {
  TestBanks banks(2);
  const PublishedList list = spoilt_list();
  Listening liar(banks, 1);
  Code next = Code::internal;
  std::jthread thread([&] {
    answer_with(list, liar, banks);
    Patience until;
    std::jthread end([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      until.cancel();
    });
    next = thrown_by([&] { liar.links.next_call(until); }).code();
  });
  EXPECT_THROW(Asker(banks).ask({1}), Error);
  thread.join();
  EXPECT_EQ(next, Code::cancelled);
}

TEST(LyingRegister, ASizeThatNoRegisterHasTakesNoMemory) {
  expect_error(asked_a_liar([](Said& said, const LookupQuestion&) {
                 said.answer.list.shape.entries = std::uint64_t{1} << 62;
               }),
               Code::cheating, "no register has that");
}

// What the register's bank can see.

struct Heard {
  std::size_t question_bytes = 0;
  std::vector<Point> blinded;
  Code end = Code::internal;  // of a line on which nothing else came
};

/// All that comes from an asker of these identifiers.
Heard heard_from(const std::vector<std::uint64_t>& numbers) {
  TestBanks banks(2);
  Register incidents;
  Listening bank(banks, 1);
  Heard heard;
  {
    std::jthread thread([&] {
      const auto greeting = bank.take_call();
      Channel& line = greeting->channel();
      const std::string text = question_on(line);
      const LookupQuestion question = parse_lookup_question(text, banks.network);
      heard.question_bytes = text.size();
      heard.blinded = question.blinded;
      send_text(line, to_text(incidents.desk.answer(question, banks.network.banks[0])));
      hand_out_list(line, incidents.desk.list());
      heard.end = thrown_by([&] {
                    std::uint8_t byte;
                    line.receive({&byte, 1});
                  }).code();
    });
    Asker(banks).ask(numbers);
  }
  return heard;
}

TEST(BankLookup, WhatIsSentDoesNotTellWhatIsFound) {
  const Heard found = heard_from({1, 2}), again = heard_from({1, 2}), none = heard_from({8, 9});
  EXPECT_EQ(found.question_bytes, none.question_bytes);
  EXPECT_EQ(found.end, Code::peer_lost);
  EXPECT_EQ(none.end, Code::peer_lost);
  for (const Point& point : found.blinded) {  // fresh blinds: nobody sees the same asked twice
    EXPECT_EQ(std::ranges::count(again.blinded, point), 0);
    EXPECT_EQ(std::ranges::count(found.blinded, point), 1);
  }
}

}  // namespace
}  // namespace polder
