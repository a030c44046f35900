#include "crypto/aes.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cstring>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/memory.h"
#include "crypto/hex.h"
#include "crypto/test_aes.h"

namespace polder {
namespace {

using testing::openssl_counters;
using Raw = std::array<std::uint8_t, 16>;

Raw raw(std::string_view hex) {
  Raw out;
  from_hex(hex, out);
  return out;
}

// Every test runs on each instruction set that this processor has.
class Aes : public ::testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { hwy::SetSupportedTargetsForTest(GetParam()), choose_again(); }
  void TearDown() override { hwy::SetSupportedTargetsForTest(0), choose_again(); }
  static void choose_again() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }

  static std::string block(const Raw& key, std::uint64_t high, std::uint64_t first,
                           std::size_t number) {
    Words words(64);
    Aes128(key).counters(high, first, words);
    return to_hex(bytes_of(std::as_const(words)).subspan(number * 16, 16));
  }
};

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> all;
  for (std::int64_t left = hwy::SupportedTargets(); left != 0; left &= left - 1) {
    all.push_back(left & -left);
  }
  return all;
}

// FIPS 197, appendix C.1, at every place of a batch.
TEST_P(Aes, EncryptsBlocksOneByOne) {
  const Aes128 aes(raw("000102030405060708090a0b0c0d0e0f"));
  const Raw plain = raw("00112233445566778899aabbccddeeff");
  for (const std::size_t blocks : {0, 1, 2, 31, 32, 33, 70}) {
    Words words(2 * blocks);
    for (std::size_t i = 0; i < blocks; ++i) std::memcpy(&words[2 * i], plain.data(), plain.size());
    aes.blocks(words);
    for (std::size_t i = 0; i < blocks; ++i) {
      EXPECT_EQ(to_hex(bytes_of(std::as_const(words)).subspan(16 * i, 16)),
                "69c4e0d86a7b0430d8cdb78070b4c55a");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Aes, ::testing::ValuesIn(targets()),
                         [](const auto& target) { return hwy::TargetName(target.param); });

TEST_P(Aes, EncryptsTheExampleOfFips197) {
  EXPECT_EQ(
      block(raw("000102030405060708090a0b0c0d0e0f"), 0x0011223344556677, 0x8899aabbccddeeff, 0),
      "69c4e0d86a7b0430d8cdb78070b4c55a");
}

// SP 800-38A F.5.1 lists the output blocks, before they are added to the text.
TEST_P(Aes, MakesTheOutputBlocksOfSp80038aCounterMode) {
  const Raw key = raw("2b7e151628aed2a6abf7158809cf4f3c");
  const std::array<std::string, 4> expected{
      "ec8cdf7398607cb0f2d21675ea9ea1e4", "362b7c3c6773516318a077d7fc5073ae",
      "6a2cc3787889374fbeb4c81b17ba6c44", "e89c399ff0f198c6d40a31db156cabfe"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(block(key, 0xf0f1f2f3f4f5f6f7, 0xf8f9fafbfcfdfeff, i), expected[i]);
  }
}

TEST_P(Aes, EqualsOpensslForRandomKeysAndCounters) {
  std::mt19937_64 draw(1);
  for (std::size_t words : {64, 128, 640, 8192}) {
    for (int i = 0; i < 20; ++i) {
      Raw key;
      for (auto& byte : key) byte = static_cast<std::uint8_t>(draw());
      const std::uint64_t high = draw(), first = draw() >> 1;  // OpenSSL carries into `high`
      std::vector<std::uint64_t> out(words);
      Aes128(key).counters(high, first, out);
      ASSERT_EQ(out, openssl_counters(key, high, first, words)) << words << ' ' << i;
    }
  }
}

TEST_P(Aes, CountsAcrossByteBoundaries) {
  const Raw key{};
  for (int bits = 8; bits < 64; bits += 8) {
    const std::uint64_t first = (std::uint64_t{1} << bits) - 7;
    std::vector<std::uint64_t> out(128);
    Aes128(key).counters(0, first, out);
    ASSERT_EQ(out, openssl_counters(key, 0, first, 128)) << bits;
  }
}

TEST(AesGroups, RefusesAPartOfAGroup) {
  std::vector<std::uint64_t> words(63);
  EXPECT_THROW(Aes128(Raw{}).counters(0, 0, words), Error);
}

}  // namespace
}  // namespace polder
