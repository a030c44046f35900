// Sessions between banks that keep to the rules.
#include <gtest/gtest.h>

#include <set>

#include "base/testing/test_folder.h"
#include "peer/testing/test_banks.h"

namespace polder {
namespace {

using testing::ample;
using testing::AnsweringBank;
using testing::ask_plain;
using testing::expect_error;
using testing::no_progress;
using testing::plain_asking;
using testing::plain_protocol;
using testing::table_of;
using testing::TestBanks;
using testing::thrown_by;
using Clients = std::vector<std::uint64_t>;
using Kind = AnswerEvent::Kind;

/// Who is held by T banks and flagged by one, from the definition.
std::vector<bool> oracle(const std::vector<Clients>& banks, std::size_t requester,
                         std::uint64_t threshold, bool flags) {
  std::vector<bool> rows;
  for (const std::uint64_t own : banks[requester]) {
    std::uint64_t holders = 0;
    bool flagged = false;
    for (const Clients& bank : banks) {
      for (const std::uint64_t client : bank) {
        if (client % 1000 != own % 1000) continue;
        ++holders;
        flagged |= client >= 1000;
      }
    }
    rows.push_back(holders >= threshold && (flagged || !flags));
  }
  return rows;
}

/// All banks but the requester answer; the requester asks once for each threshold.
void expect_as_oracle(const std::vector<Clients>& clients, std::size_t requester) {
  TestBanks banks(clients.size());
  std::vector<std::unique_ptr<AnsweringBank>> others;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    if (i == requester) continue;
    others.push_back(std::make_unique<AnsweringBank>(banks, i, table_of(clients[i]),
                                                     AnswerRules{.min_threshold = 1}));
  }
  BankLinks links(banks.options(requester));
  for (std::uint64_t threshold = 1; threshold <= clients.size(); ++threshold) {
    for (const bool flags : {true, false}) {
      CancellationToken cancellation;
      const AskedOutcome asked =
          ask(links, plain_asking(threshold, flags), table_of(clients[requester]), cancellation,
              no_progress, plain_protocol);
      EXPECT_EQ(asked.outcome.answer.rows, oracle(clients, requester, threshold, flags));
      ASSERT_EQ(asked.outcome.bytes_sent.size(), clients.size());
      for (const std::uint64_t sent : asked.outcome.bytes_sent) EXPECT_GT(sent, 0u);
    }
  }
}

TEST(BankSession, EqualsTheOracleForEveryRequesterAndThreshold) {
  const std::vector<Clients> clients{{1, 2, 3, 1004}, {2, 3, 4, 5, 6}, {}, {1003, 2, 7}};
  for (std::size_t requester = 0; requester < clients.size(); ++requester)
    expect_as_oracle(clients, requester);
}

TEST(BankSession, TwoBanks) { expect_as_oracle({{1, 1002, 3}, {2, 3}}, 1); }

TEST(BankSession, SixtyFourBanks) {
  TestBanks banks(64);
  std::vector<std::unique_ptr<AnsweringBank>> others;
  for (std::size_t i = 1; i < 64; ++i) {
    others.push_back(std::make_unique<AnsweringBank>(banks, i, table_of({i, 1500})));
  }
  CancellationToken cancellation;
  const AskedOutcome asked =
      ask_plain(banks, 0, table_of({7, 500, 900}), plain_asking(64), cancellation);
  EXPECT_EQ(asked.outcome.answer.rows, (std::vector<bool>{false, true, false}));
}

TEST(BankSession, TwoBanksAskAtTheSameTime) {
  TestBanks banks(3);
  std::vector<std::unique_ptr<AnsweringBank>> all;
  const std::vector<Clients> clients{{1, 1002}, {2, 3}, {2, 1}};
  for (std::size_t i = 0; i < 3; ++i) {
    all.push_back(std::make_unique<AnsweringBank>(banks, i, table_of(clients[i])));
  }
  std::vector<std::jthread> requesters;
  for (const std::size_t requester : {0u, 1u, 2u}) {
    requesters.emplace_back([&, requester] {
      CancellationToken cancellation;
      EXPECT_NO_THROW({
        const auto asked =
            ask_plain(banks, requester, table_of(clients[requester]), plain_asking(), cancellation);
        EXPECT_EQ(asked.outcome.answer.rows, oracle(clients, requester, 2, true));
      });
    });
  }
}

TEST(BankSession, ABankMayAnswerOnce) {
  TestBanks banks(2);
  BankLinks::Options options = banks.options(1);
  options.listener = banks.take_socket(1);
  BankLinks links(std::move(options));
  const PeerTable table = table_of({1, 2});
  std::vector<Kind> seen;
  Answering answering({.links = links,
                       .table = &table,
                       .rules = {.min_threshold = 2},
                       .on_event = [&](const AnswerEvent& event) { seen.push_back(event.kind); },
                       .find = plain_protocol,
                       .silence = ample});
  std::jthread thread([&] {
    CancellationToken stop({.silence = ample});
    answering.serve_once(stop);
  });
  CancellationToken cancellation, again;
  expect_error(thrown_by([&] { ask_plain(banks, 0, table_of({1}), plain_asking(1), again); }),
               Code::forbidden, "bank 'bank1' takes no part: it answers thresholds of 2 or more");
  ask_plain(banks, 0, table_of({1}), plain_asking(), cancellation);
  thread.join();
  EXPECT_EQ(seen, (std::vector{Kind::refused, Kind::asked, Kind::answered}));
}

Asking rows_asking(std::uint64_t bound) {
  Asking asking = plain_asking();
  asking.bound = bound;
  return asking;
}

PeerProtocol* plain_or_quorum(std::string_view name) {
  return plain_protocol(name == "quorum" ? "plain" : name);
}

struct Rule {
  const char* name;
  AnswerRules rules;
  Asking asking;
  Code code;
  const char* why;
};

Asking asking_with_key(std::vector<KeyColumn> key) {
  Asking asking = plain_asking();
  asking.key = std::move(key);
  return asking;
}

class Rules : public ::testing::TestWithParam<Rule> {};

TEST_P(Rules, BoundWhatABankAnswers) {
  const Rule& rule = GetParam();
  TestBanks banks(2);
  AnsweringBank other(banks, 1, table_of({1, 2}), rule.rules, plain_or_quorum);
  CancellationToken cancellation;
  expect_error(thrown_by([&] { ask_plain(banks, 0, table_of({1}), rule.asking, cancellation); }),
               rule.code, rule.why);
}

INSTANTIATE_TEST_SUITE_P(
    Answering, Rules,
    ::testing::Values(
        Rule{"allow",
             {.allow = {"bank1"}},
             plain_asking(),
             Code::forbidden,
             "bank 'bank1' takes no part: it does not answer bank 'bank0'"},
        Rule{"threshold",
             {.min_threshold = 3},
             plain_asking(),
             Code::forbidden,
             "thresholds of 3 or more, not 2"},
        Rule{"F9_kinds",
             {.key = {{.name = "account", .kind = "iban"}}},
             asking_with_key({{.name = "account"}}),
             Code::bad_input,
             "its identifiers are 'account' (iban 1), the requester's are 'account' (text 1)"},
        Rule{"F9_versions",
             {.key = {{.name = "account"}}},
             asking_with_key({{.name = "account", .version = 2}}),
             Code::bad_input,
             "its identifiers are 'account' (text 1), the requester's are 'account' (text 2)"},
        Rule{"F9_columns",
             {.key = {{.name = "name"}, {.name = "born"}}},
             asking_with_key({{.name = "name"}}),
             Code::bad_input,
             "only keys of as many columns and the same kinds match"},
        Rule{"flags",
             {.has_flags = false},
             plain_asking(),
             Code::forbidden,
             "its clients have no flags"},
        Rule{"flags_only",
             {.flags_only = true},
             plain_asking(2, false),
             Code::forbidden,
             "it answers queries about flags only; ask with flags"},
        Rule{"named_protocol",
             {.protocols = {"quorum"}},
             plain_asking(),
             Code::forbidden,
             "it answers by quorum only, not by plain"},
        Rule{"rows",
             {.max_rows = 999},
             rows_asking(1000),
             Code::forbidden,
             "it answers about 999 rows at most in a session, not 1000"},
        Rule{"rows_unnamed",
             {},
             rows_asking(1025),
             Code::forbidden,
             "it answers about 1024 rows at most in a session, not 1025"},
        Rule{"rows_of_a_larger_bank",
             {.bound = 1000},
             rows_asking(2001),
             Code::forbidden,
             "it answers about 2000 rows at most in a session, not 2001"},
        Rule{"protocol", {}, {.protocol = "other"}, Code::bad_input, "no peer protocol 'other'"},
        Rule{"high", {}, plain_asking(3), Code::bad_input, "it is 1 to 2"},
        Rule{"zero", {}, plain_asking(0), Code::bad_input, "it is 1 to 2"},
        Rule{"bound",
             {.bound = 16},
             {.protocol = "plain",
              .deadline = std::chrono::milliseconds(0),
              .greeting_silence = ample},
             Code::bad_input,
             "deadline"}),
    [](const auto& each) { return each.param.name; });

/// The counts of a bank in a folder of its own.
struct Counted {
  explicit Counted(std::uint64_t rows)
      : asked(folder.path() / "asked.counts", {.rows = rows, .look_ups = 1}) {}
  const TestFolder folder;
  AskedRows asked;
};

TEST(Answering, RowsOfADayAreCountedWhicheverWayTheyAreAskedAbout) {
  TestBanks banks(3);
  Counted counted(40);
  AnsweringBank one(banks, 1, table_of({1}), {}, plain_protocol, nullptr, &counted.asked);
  AnsweringBank two(banks, 2, table_of({1}));
  const auto ask_as = [&](std::size_t bank, std::uint64_t bound) {
    CancellationToken cancellation;
    return ask_plain(banks, bank, table_of({1}), rows_asking(bound), cancellation)
        .outcome.answer.rows;
  };
  EXPECT_EQ(ask_as(0, 23).size(), 1U);
  EXPECT_EQ(ask_as(0, 16).size(), 1U);
  expect_error(
      thrown_by([&] { ask_as(0, 16); }), Code::busy,
      "bank 'bank1' takes no part: the limit of 40 rows, of matches and look-ups together");
  counted.asked.take({banks.network.banks[0].certificate, AskedRows::Kind::look_up, 1});
  expect_error(
      thrown_by([&] {
        counted.asked.take({banks.network.banks[0].certificate, AskedRows::Kind::look_up, 1});
      }),
      Code::busy, "limit");
  expect_error(thrown_by([&] { ask_as(0, 41); }), Code::forbidden, "41 at once: the limit is 40");
}

TEST(Answering, WhatAnotherBankRefusesUsesNothingUp) {
  TestBanks banks(3);
  Counted counted(16);
  AnsweringBank one(banks, 1, table_of({1}), {}, plain_protocol, nullptr, &counted.asked);
  {
    AnsweringBank two(banks, 2, table_of({1}), {.min_threshold = 3});
    CancellationToken cancellation;
    expect_error(
        thrown_by([&] { ask_plain(banks, 0, table_of({1}), plain_asking(), cancellation); }),
        Code::forbidden, "bank 'bank2' takes no part");
  }
  EXPECT_NO_THROW(
      counted.asked.check({banks.network.banks[0].certificate, AskedRows::Kind::match, 16}));
}

/// What a bank's log is made of.
TEST(Answering, TellsHowManyRowsItIsAskedAbout) {
  TestBanks banks(2);
  AnsweringBank one(banks, 1, table_of({1}));
  CancellationToken cancellation;
  ask_plain(banks, 0, table_of({1}), rows_asking(600), cancellation);
  EXPECT_EQ(one.wait(Kind::asked).rows, 600U);
}

TEST(Answering, ABoundThatNoBankGivesIsRefused) {
  expect_error(thrown_by([] { bound_for(2, 15); }), Code::bad_input,
               "the bound 15 is too small; the least is 16");
}

TEST(Answering, ABoundBelowTheRowsIsRefused) {
  TestBanks banks(2);
  BankLinks links(banks.options(0));
  const PeerTable table = table_of({1, 2});
  expect_error(
      thrown_by([&] {
        Answering({.links = links, .table = &table, .rules = {.bound = 1}, .on_event = {}});
      }),
      Code::bad_input, "the bound 1 is less than the 2 identifiers");
  expect_error(
      thrown_by([&] {
        Answering({.links = links, .table = &table, .rules = {.allow = {"eem"}}, .on_event = {}});
      }),
      Code::not_found, "no bank 'eem'");
}

TEST(Answering, TheUsualBoundHidesTheNumberOfRows) {
  EXPECT_EQ(bound_for(0, 0), 16u);
  EXPECT_EQ(bound_for(15, 0), 16u);
  EXPECT_EQ(bound_for(16, 0), 16u);
  EXPECT_EQ(bound_for(17, 0), 18u);
  EXPECT_EQ(bound_for(512, 0), 512u);
  EXPECT_EQ(bound_for(1'000'000, 0), 1'048'576u);
  for (std::uint64_t rows = 0; rows < 5000; ++rows) {
    EXPECT_GE(bound_for(rows, 0), rows);
    EXPECT_LE(bound_for(rows, 0), std::max<std::uint64_t>(rows + rows / 8, 16));
    EXPECT_LE(bound_for(rows, 0), bound_for(rows + 1, 0));
  }
}

}  // namespace
}  // namespace polder
