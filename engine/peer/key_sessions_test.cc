// Sessions one after the other of banks that keep the key of the first one.
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <numeric>

#include "base/testing/test_folder.h"
#include "crypto/random.h"
#include "match/paillier/paillier_match.h"
#include "peer/testing/test_banks.h"

namespace polder {
namespace {

using testing::AnsweringBank;
using testing::expect_error;
using testing::no_progress;
using testing::plain_asking;
using testing::plain_exchange;
using testing::table_of;
using testing::TestBanks;
using testing::thrown_by;
using Kind = AnswerEvent::Kind;

/// A test double: in the clear, and without a key the requester draws one of `words` words for all.
template <std::size_t words>
PeerAnswer keyed_exchange(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  PeerAnswer answer = plain_exchange(parties, match, table, progress);
  if (match.kept.size() == words) return answer;
  answer.kept.resize(words);
  if (parties.self() != match.requester) {
    parties.to(match.requester).receive_words(answer.kept);
    return answer;
  }
  random_words(answer.kept);
  for (int bank = 0; bank < parties.count(); ++bank) {
    if (bank != match.requester) parties.to(bank).send_words(answer.kept);
  }
  answer.rounds += 1;
  return answer;
}

template <int key_bits>
PeerAnswer small_paillier(Parties& parties, const PeerMatch& match, const PeerTable& table,
                          const Progress& progress) {
  return paillier_match_of(key_bits, parties, match, table, progress);
}

PeerProtocol* find(std::string_view name) {
  if (name == "keyed") return keyed_exchange<2>;
  if (name == "longer") return keyed_exchange<3>;
  if (name == "paillier") return small_paillier<512>;
  fail(Code::bad_input, "there is no peer protocol '{}'", name);
}

constexpr std::size_t count = 3;
using Folders = std::array<TestFolder, count>;

/// Of bank 0: 1, 2 and 3 are held by another and flagged by somebody, 5 and 6 are not.
std::vector<PeerTable> tables() {
  return {table_of({1, 2, 1003, 5, 6}), table_of({1002, 4, 6}), table_of({3, 1001})};
}
std::vector<bool> answer_of(std::size_t requester) {
  if (requester == 0) return {true, true, true, false, false};
  return requester == 1 ? std::vector<bool>{true, false, false} : std::vector<bool>{true, true};
}

/// A network of banks that all answer, each with its folder.
class Banks {
 public:
  explicit Banks(const Folders& folders) {
    for (std::size_t i = 0; i < count; ++i) {
      keys.emplace_back(
          KeptKeys::Options{.folder = folders[i].path(), .network = banks_.network.id});
      answering_.push_back(
          std::make_unique<AnsweringBank>(banks_, i, tables()[i], AnswerRules{}, find, &keys[i]));
    }
  }

  BankOutcome ask(std::size_t requester, const std::string& protocol = "keyed",
                  bool new_key = false) {
    BankLinks links(banks_.options(requester));
    Asking asking = plain_asking();
    asking.protocol = protocol;
    asking.keys = &keys[requester];
    asking.new_key = new_key;
    CancellationToken cancellation;
    const PeerTable table = tables()[requester];
    return polder::ask(links, asking, table, cancellation, no_progress, find).outcome;
  }

  /// Asks, with the right answer, and says whether a key was made; all then keep the same one.
  bool makes_a_key(const std::string& protocol = "keyed", bool new_key = false) {
    const BankOutcome outcome = ask(0, protocol, new_key);
    EXPECT_EQ(outcome.answer.rows, answer_of(0));
    EXPECT_NE(fingerprint(0, protocol), Digest256{});
    for (std::size_t i = 1; i < count; ++i) {
      EXPECT_EQ(fingerprint(i, protocol), fingerprint(0, protocol));
    }
    return outcome.answer.rounds == 2;
  }

  Digest256 fingerprint(std::size_t bank, const std::string& protocol = "keyed") const {
    return keys[bank].find(protocol).fingerprint;
  }

  AnsweringBank& answering(std::size_t bank) { return *answering_[bank]; }

  std::deque<KeptKeys> keys;

 private:
  TestBanks banks_{count};
  std::vector<std::unique_ptr<AnsweringBank>> answering_;
};

std::uint64_t all_bytes(const BankOutcome& outcome) {
  return std::accumulate(outcome.bytes_sent.begin(), outcome.bytes_sent.end(), std::uint64_t{0});
}

TEST(KeySessions, LaterRunsUseTheModulusOfTheFirstWhoeverAsks) {
  const Folders folders;
  Banks banks(folders);
  const BankOutcome first = banks.ask(0, "paillier");
  EXPECT_EQ(first.answer.rows, answer_of(0));
  const std::string kept = file_contents(folders[1].path() / "paillier.key");
  for (const std::size_t requester : {0u, 1u, 2u}) {
    const BankOutcome later = banks.ask(requester, "paillier");
    EXPECT_EQ(later.answer.rows, answer_of(requester));
    EXPECT_LT(later.answer.rounds, 20u);
    EXPECT_GE(first.answer.rounds, later.answer.rounds + 9);
    EXPECT_LT(all_bytes(later), all_bytes(first));
  }
  EXPECT_EQ(file_contents(folders[1].path() / "paillier.key"), kept);
  // N and nothing else.
  EXPECT_EQ(banks.keys[1].read("paillier").words.size(), 8u);
}

TEST(KeySessions, ABankThatLostItsFileGetsANewKeyWithTheOthers) {
  const Folders folders;
  Banks banks(folders);
  EXPECT_TRUE(banks.makes_a_key());
  EXPECT_FALSE(banks.makes_a_key());
  for (std::size_t bank = 0; bank < count; ++bank) {
    const Digest256 before = banks.fingerprint(0);
    std::filesystem::remove(banks.keys[bank].file("keyed"));
    EXPECT_TRUE(banks.makes_a_key()) << "bank " << bank;
    EXPECT_NE(banks.fingerprint(0), before);
    EXPECT_FALSE(banks.makes_a_key());
  }
}

TEST(KeySessions, AFileCutShortIsReplaced) {
  const Folders folders;
  Banks banks(folders);
  EXPECT_TRUE(banks.makes_a_key());
  std::filesystem::resize_file(banks.keys[2].file("keyed"), 100);
  EXPECT_TRUE(banks.makes_a_key());
  EXPECT_FALSE(banks.makes_a_key());
}

TEST(KeySessions, AnOlderFileThatWasPutBackIsReplaced) {
  const Folders folders;
  Banks banks(folders);
  EXPECT_TRUE(banks.makes_a_key());
  const std::string backup = file_contents(banks.keys[1].file("keyed"));
  EXPECT_TRUE(banks.makes_a_key("keyed", true));
  write_file(banks.keys[1].file("keyed"), backup);
  EXPECT_TRUE(banks.makes_a_key());
}

// It holds nothing of a bank's own.
TEST(KeySessions, TheFileOfAnotherOfTheseBanksIsAsGood) {
  const Folders folders;
  Banks banks(folders);
  EXPECT_TRUE(banks.makes_a_key());
  write_file(banks.keys[1].file("keyed"), file_contents(banks.keys[2].file("keyed")));
  EXPECT_FALSE(banks.makes_a_key());
}

TEST(KeySessions, ANetworkThatChangedMakesANewKey) {
  const Folders folders;
  EXPECT_TRUE(Banks(folders).makes_a_key());
  Banks changed(folders);  // of the same folders, with other certificates
  EXPECT_TRUE(changed.makes_a_key());
  EXPECT_FALSE(changed.makes_a_key());
}

TEST(KeySessions, EachProtocolHasItsOwnKey) {
  const Folders folders;
  Banks banks(folders);
  EXPECT_TRUE(banks.makes_a_key("keyed"));
  EXPECT_TRUE(banks.makes_a_key("longer"));
  EXPECT_FALSE(banks.makes_a_key("keyed"));
  EXPECT_FALSE(banks.makes_a_key("longer"));
}

TEST(KeySessions, AKeyOfAnotherLengthIsNotUsedEvenIfAllHoldIt) {
  const Folders folders;
  Banks banks(folders);
  for (KeptKeys& keys : banks.keys) keys.keep("keyed", {1, 2, 3});
  EXPECT_TRUE(banks.makes_a_key());
  EXPECT_EQ(banks.keys[0].read("keyed").words.size(), 2u);
}

TEST(KeySessions, WhoAsksMayWantANewKey) {
  const Folders folders;
  Banks banks(folders);
  EXPECT_TRUE(banks.makes_a_key());
  EXPECT_TRUE(banks.makes_a_key("keyed", true));
  EXPECT_FALSE(banks.makes_a_key());
}

TEST(KeySessions, ABankThatCannotKeepItIsNamedAtAllAndTheNextRunMakesAnother) {
  const Folders folders;
  Banks banks(folders);
  std::filesystem::remove_all(folders[2].path());
  const Error error = thrown_by([&] { banks.ask(0); });
  expect_error(error, Code::peer_aborted, "bank 'bank2' stopped the session");
  expect_error(error, Code::peer_aborted, "keyed.key: cannot be written");
  EXPECT_EQ(banks.answering(2).wait(Kind::failed).code, Code::forbidden);
  std::filesystem::create_directory(folders[2].path());
  EXPECT_TRUE(banks.makes_a_key());
  EXPECT_FALSE(banks.makes_a_key());
}

}  // namespace
}  // namespace polder
