// Oracle: the definition, bit by bit, and how often two rows become alike over many draws of the
// coins.
#include "ops/universal_hash.h"

#include <array>
#include <cmath>

#include "ops/coin_toss.h"
#include "ops/operator_fixture.h"

namespace polder {
namespace {

using namespace testing;

Stream coins_of(unsigned seed) {
  Key::Raw raw{};
  for (std::size_t i = 0; i < 4; ++i) raw[i] = static_cast<std::uint8_t>(seed >> 8 * i);
  return Stream(Key(raw));
}

/// Rows of two words each, hashed to `width` bits.
Words hashed(const Words& rows, int width, unsigned seed) {
  Workers workers(2);
  const PlainBits plain = PlainBits::of_rows(rows, rows.size() / 2, 128);
  const Bits x(plain.shape(), {Words(plain.words().begin(), plain.words().end())});
  Stream coins = coins_of(seed);
  const Bits out = UniversalHash(128, width, coins)(workers, x);
  return PlainBits(out.shape(), Words(out.component(0).begin(), out.component(0).end())).rows();
}

Words drawn(std::size_t n, unsigned seed) {
  std::mt19937_64 draw(seed);
  Words words(n);
  for (std::uint64_t& word : words) word = draw();
  return words;
}

TEST(UniversalHash, IsLinearAndTheSameForEveryRow) {
  for (const int width : {1, 40, 63, 64, 65, 80, 127, 128}) {
    const std::size_t n = 70'000, words = words_for_bits(static_cast<std::size_t>(width));
    Words rows = drawn(2 * n, 1);
    for (std::size_t i = 0; i < 2; ++i) rows[2 * (n - 1) + i] = rows[i] ^ rows[2 + i];
    const Words out = hashed(rows, width, 7);
    for (std::size_t i = 0; i < words; ++i)
      EXPECT_EQ(out[(n - 1) * words + i], out[i] ^ out[words + i]) << width;
    const Words alone =
        hashed(Words(rows.begin() + 2 * 69'000, rows.begin() + 2 * 69'001), width, 7);
    for (std::size_t i = 0; i < words; ++i) EXPECT_EQ(out[69'000 * words + i], alone[i]) << width;
  }
}

// The scaled run: with 8 bits in the place of 62 to 85, some 2^-8 of all draws confuse two rows,
// whichever they are.
TEST(UniversalHash, ConfusesChosenRowsNoMoreOftenThanItsWidthSays) {
  constexpr unsigned draws = 1 << 13;
  constexpr double expected = draws / 256.0;
  struct Pair {
    std::array<std::uint64_t, 4> rows;
    const char* what;
  };
  const Pair pairs[]{{{5, 0, 5, std::uint64_t{1} << 63}, "alike in all but the last bit"},
                     {{5, 0, 5 ^ 256, 0}, "alike in all but one"},
                     {{~std::uint64_t{0}, ~std::uint64_t{0}, 255, 0}, "alike in the lowest alone"},
                     {{1, 2, 3, 4}, "unlike in the lowest, too"}};
  for (const auto& [rows, what] : pairs) {
    unsigned alike = 0;
    for (unsigned seed = 0; seed < draws; ++seed) {
      const Words out = hashed(Words(rows.begin(), rows.end()), 8, seed);
      alike += out[0] == out[1];
    }
    EXPECT_NEAR(alike, expected, 6 * std::sqrt(expected)) << what;
  }
}

TEST(UniversalHash, NeverConfusesRowsThatDifferInTheirLowestBitsAlone) {
  for (unsigned seed = 0; seed < 1000; ++seed) {
    const Words out = hashed(Words{1, 9, 2, 9}, 8, seed);
    EXPECT_NE(out[0], out[1]);
  }
}

TEST(UniversalHash, IsAnotherForOtherCoins) {
  const Words rows = drawn(200, 5);
  EXPECT_NE(hashed(rows, 80, 1), hashed(rows, 80, 2));
}

TEST(UniversalHash, LeavesBitsThatAreShortEnough) {
  const Words rows = drawn(20, 3);
  EXPECT_EQ(hashed(rows, 128, 1), rows);
  EXPECT_EQ(hashed(rows, 200, 1), rows);
}

class Coins : public Operator {};

// Shares of a row go the same way at every node, and other runs take other coins.
TEST_P(Coins, ChooseTheSameHashForAllNodes) {
  const Words rows = drawn(2000, 4);
  const auto run_once = [&] {
    const Delivered delivered = run(GetParam(), [&](Party& party) {
      Stream coins = toss_coins(party.mpc());
      const UniversalHash hash(128, 80, coins);
      const Bits once = hash(party.mpc().workers(), party.input_bits(rows, 1000, 128));
      const Bits again = hash(party.mpc().workers(), party.input_bits(rows, 1000, 128));
      party.mpc().open(once, Recipient{"a", "once"});    // safe: made-up data
      party.mpc().open(again, Recipient{"a", "again"});  // safe: made-up data
    });
    EXPECT_EQ(delivered.bits.at("a/once").rows(), delivered.bits.at("a/again").rows());
    return delivered.bits.at("a/once").rows();
  };
  EXPECT_EQ(run_once().size(), 2000u);
}

POLDER_EVERY_PROTOCOL(Coins);

}  // namespace
}  // namespace polder
