// Oracle: what three nodes make of the seeds and data they are sent, put together by xor or sum.
#include "client/files/prepared_table.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"

namespace polder {
namespace {

PartyFile random_party(std::size_t n) {
  std::mt19937_64 random(n);
  PartyFile party;
  party.has_flags = true;
  party.attribute = "score";
  for (std::size_t i = 0; i < n; ++i) {
    party.hashes.push_back(random());
    party.hashes.push_back(random());
    party.flags.push_back(random() % 3 == 0);
    party.attributes.push_back(random());
  }
  return party;
}

TableSecrets secrets(std::uint8_t value, std::uint8_t blind = 9) {
  Key::Raw first{}, second{};
  first[0] = value;
  second[0] = static_cast<std::uint8_t>(value + 1);
  return {.seeds = {.first = Key(first), .second = Key(second)}, .blind = Blind({blind})};
}

std::string text(const Key::Raw& raw) { return {raw.begin(), raw.end()}; }

class Prepared : public testing::TestWithParam<std::size_t> {};

TEST_P(Prepared, ThreeNodesHoldTheColumnsAndNothingElse) {
  const std::size_t n = GetParam();
  const PartyFile party = random_party(n);
  const PreparedTable table = prepare_table(party, {.name = "t", .owner = "o"}, secrets(1), 5);

  std::uint64_t bytes = 0;
  for (const ColumnSpec& column : table.manifest.columns) bytes += column_bytes(column, n);
  EXPECT_EQ(table.manifest.rows, n);
  EXPECT_EQ(table.manifest.data_bytes, bytes);
  EXPECT_EQ(table.data.size() * 8, bytes);
  const auto& [first, second] = table.secrets.seeds;
  EXPECT_EQ(
      table.manifest.hashes,
      (std::array{to_hex(hash256("polder seed v2\n0\n" + text(first.raw()))),
                  to_hex(hash256("polder seed v2\n1\n" + text(second.raw()))),
                  to_hex(keyed_hash256(table.secrets.blind.raw(),
                                       bytes_of(std::span<const std::uint64_t>(table.data))))}));

  const auto sent = [&](int role, std::span<const std::uint64_t> data) {
    return Sent{.first = role != 1 ? &first : nullptr,
                .second = role != 2 ? &second : nullptr,
                .data = role != 0 ? data : std::span<const std::uint64_t>()};
  };
  const std::span<const std::uint64_t> data(table.data);
  const BitShape wide{n, 128}, one{n, 1};
  const auto hash_words = data.first(wide.words()),
             flag_words = data.subspan(wide.words(), one.words()),
             score_words = data.subspan(wide.words() + one.words());
  std::array<Bits, 3> hashes, flags;
  std::array<Arith, 3> scores;
  for (int role = 0; role < 3; ++role) {
    const auto at = static_cast<std::size_t>(role);
    hashes[at] = node_bits(role, wide, sent(role, hash_words), identifier_column);
    flags[at] = node_bits(role, one, sent(role, flag_words), flag_column);
    scores[at] = node_arith(role, n, sent(role, score_words), "score");
  }
  EXPECT_EQ(reconstruct(hashes).rows(), party.hashes);
  EXPECT_EQ(reconstruct(scores), Words(party.attributes.begin(), party.attributes.end()));
  const PlainBits opened = reconstruct(flags);
  for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(opened.flag(i), party.flags[i] == 1) << i;
}

INSTANTIATE_TEST_SUITE_P(Sizes, Prepared, testing::Values(0, 1, 2, 63, 64, 65, 1000, 32768, 40001));

TEST(Prepared, TheSameInputsGiveTheSameTableOtherSeedsAnother) {
  const PartyFile party = random_party(100);
  const TableHead name{.name = "t", .owner = "o"};
  const PreparedTable a = prepare_table(party, name, secrets(1), 5),
                      b = prepare_table(party, name, secrets(1), 5),
                      c = prepare_table(party, name, secrets(3), 5);
  EXPECT_EQ(a.handle(), b.handle());
  EXPECT_EQ(a.data, b.data);
  EXPECT_NE(a.handle(), c.handle());
  EXPECT_NE(a.data, c.data);
}

TEST(Prepared, OfTheSameRowsAndSeedsUnderAnotherBlindHasAnotherManifest) {
  const PartyFile party = random_party(100);
  const TableHead name{.name = "t", .owner = "o"};
  const PreparedTable a = prepare_table(party, name, secrets(1, 1), 5),
                      b = prepare_table(party, name, secrets(1, 2), 5);
  EXPECT_EQ(a.data, b.data);
  EXPECT_EQ(a.manifest.hashes[0], b.manifest.hashes[0]);
  EXPECT_NE(a.manifest.hashes[2], b.manifest.hashes[2]);
  EXPECT_NE(a.handle(), b.handle());
}

TEST(Prepared, RefusesColumnsThatWouldShareTheirRandomWords) {
  for (const char* name : {"identifier", "flagged"}) {
    PartyFile party = random_party(3);
    party.attribute = name;
    EXPECT_THROW(prepare_table(party, {.name = "t", .owner = "o"}, secrets(1), 5), Error) << name;
    party.attribute.clear();
    party.attributes.clear();
    party.report = name;
    party.reports = {"a", "b", "c"};
    EXPECT_THROW(prepare_table(party, {.name = "t", .owner = "o"}, secrets(1), 5), Error) << name;
  }
  PartyFile party = random_party(3);
  party.report = party.attribute;
  party.reports = {"a", "b", "c"};
  EXPECT_THROW(prepare_table(party, {.name = "t", .owner = "o"}, secrets(1), 5), Error);
}

TEST(Prepared, WithoutFlagsOrAttributeThereIsOnlyTheIdentifier) {
  PartyFile party = random_party(10);
  party.has_flags = false;
  party.flags.clear();
  party.attribute.clear();
  party.attributes.clear();
  const PreparedTable table = prepare_table(party, {.name = "t", .owner = "o"}, secrets(1), 5);
  EXPECT_EQ(table.manifest.columns.size(), 1U);
}

}  // namespace
}  // namespace polder
