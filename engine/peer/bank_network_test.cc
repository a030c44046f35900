#include "peer/bank_network.h"

#include <gtest/gtest.h>

#include "base/testing/test_folder.h"
#include "net/testing/test_support.h"
#include "peer/identity.h"
#include "peer/toml.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::make_identity;
using testing::thrown_by;

BankCard card_of(const std::string& name, std::uint16_t port) {
  return {name, {"127.0.0.1", port}, make_identity(name).certificate_pem};
}

BankNetwork network_of(std::size_t count) {
  std::vector<BankCard> cards;
  for (std::size_t i = 0; i < count; ++i) {
    cards.push_back(card_of("b" + std::to_string(i), static_cast<std::uint16_t>(4000 + i)));
  }
  return make_bank_network(cards);
}

TEST(BankNetwork, ComesBackFromItsText) {
  for (const std::size_t count : {2u, 3u, 64u}) {
    const BankNetwork made = network_of(count);
    const BankNetwork read = parse_bank_network(to_text(made));
    EXPECT_EQ(read.id, made.id);
    // A collision of ids would take 2^128 steps: whoever makes the file chooses much of it.
    EXPECT_EQ(made.id.size(), 64U);
    EXPECT_EQ(read.matching_key, made.matching_key);
    ASSERT_EQ(read.banks.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(read.banks[i].name, made.banks[i].name);
      EXPECT_EQ(to_text(read.banks[i].address), to_text(made.banks[i].address));
      EXPECT_EQ(read.banks[i].certificate, made.banks[i].certificate);
    }
  }
}

TEST(BankNetwork, HasANewMatchingKeyEachTime) {
  const std::vector<BankCard> cards{card_of("a", 1), card_of("b", 2)};
  EXPECT_NE(make_bank_network(cards).matching_key, make_bank_network(cards).matching_key);
}

TEST(BankNetwork, NamesOfAnyScriptComeBack) {
  const std::string name = "Sparkasse \"Köln\" \\ 株式会社";
  const BankNetwork read =
      parse_bank_network(to_text(make_bank_network({card_of(name, 1), card_of("b", 2)})));
  EXPECT_EQ(read.banks[0].name, name);
  EXPECT_EQ(read.bank_named(name), 0);
}

TEST(BankNetwork, WhatChangedIsNoticed) {
  const std::string text = to_text(network_of(3));
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string copy = text;
    copy.replace(copy.find(from), from.size(), to);
    return thrown_by([&] { parse_bank_network(copy); });
  };
  expect_error(changed("127.0.0.1:4001", "127.0.0.1:4009"), Code::bad_input, "it was changed");
  expect_error(changed("\"b1\"", "\"b9\""), Code::bad_input, "it was changed");
  expect_error(changed("format = 1", "format = 2"), Code::bad_input, "format");
  expect_error(changed("format = 1", "format = 1\nextra = 1"), Code::bad_input,
               "a field is unknown");
  expect_error(changed("[[bank]]", "[[banks]]"), Code::bad_input, "bank");
  expect_error(changed("format = 1", "format = 1.0"), Code::bad_input, "line 3");
  expect_error(changed("format = 1", "format = = 1"), Code::bad_input, "line 3");
}

TEST(BankNetwork, BanksAreDifferent) {
  const BankCard a = card_of("a", 1);
  const auto with = [&](BankCard other) {
    return thrown_by([&] { make_bank_network({a, other}); });
  };
  BankCard same_name = card_of("a", 2), same_place = card_of("b", 1), same_key = a;
  same_key.name = "b";
  same_key.address.port = 3;
  expect_error(with(same_name), Code::bad_input, "'a'");
  expect_error(with(same_place), Code::bad_input, "'b'");
  expect_error(with(same_key), Code::bad_input, "'b'");
  expect_error(thrown_by([&] { make_bank_network({a}); }), Code::bad_input, "2 to 64");
}

TEST(BankNetwork, UnknownBanksAreNamedWithTheKnown) {
  const BankNetwork network = network_of(2);
  expect_error(thrown_by([&] { network.bank_named("eem"); }), Code::not_found, "b0, b1");
  expect_error(thrown_by([&] { network.bank_with(make_identity("x").certificate_pem); }),
               Code::bad_input, "certificate is not in the network file");
}

TEST(BankNetwork, TextThatIsTooLongIsRefused) {
  expect_error(thrown_by([] { parse_toml(std::string(100, ' '), "it", 99); }), Code::bad_input,
               "longer than 99");
}

TEST(BankIdentity, IsMadeOnceAndReadBack) {
  const TestFolder folder;
  const BankCard card =
      make_bank({.folder = folder.path() / "eem", .name = "eem", .address = {"h", 7}});
  const BankIdentity identity = read_identity(folder.path() / "eem");
  EXPECT_EQ(identity.certificate, card.certificate);
  const BankCard read = parse_bank_card(file_contents(folder.path() / "eem" / "eem.peer.toml"));
  EXPECT_EQ(read.name, "eem");
  EXPECT_EQ(read.certificate, card.certificate);
  EXPECT_EQ(to_text(read.address), "h:7");
  expect_error(thrown_by([&] {
                 make_bank({.folder = folder.path() / "eem", .name = "eem", .address = {"h", 7}});
               }),
               Code::bad_input, "holds peer.key already");
}

TEST(BankIdentity, AKeyThatOthersCanReadIsRefused) {
  const TestFolder folder;
  make_bank({.folder = folder.path() / "eem", .name = "eem", .address = {"h", 7}});
  std::filesystem::permissions(folder.path() / "eem" / "peer.key", std::filesystem::perms(0640));
  expect_error(thrown_by([&] { read_identity(folder.path() / "eem"); }), Code::forbidden,
               "chmod 600");
}

TEST(BankIdentity, NamesThatAreNoFileNamesAreRefused) {
  const TestFolder folder;
  for (const std::string name : {"", ".x", "a/b", "a\nb"}) {
    EXPECT_THROW(make_bank({.folder = folder.path() / "n", .name = name, .address = {"h", 7}}),
                 Error)
        << name;
  }
}

}  // namespace
}  // namespace polder
