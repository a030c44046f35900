// Oracle: BLAKE2b and ChaCha20-Poly1305 of libsodium, called as the header's words say.
#include "peer/lookup/list_entry.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "net/testing/test_support.h"
#include "peer/testing/test_rows.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::padded;
using testing::thrown_by;
using Entry = std::vector<std::uint8_t>;

VoprfOutput output_of(std::uint8_t number) {
  return VoprfOutput::filled([&](VoprfOutput::Raw& raw) { raw.fill(number); });
}

Entry written(const ListShape& shape, const VoprfOutput& output, std::string_view report) {
  Entry entry(shape.entry_bytes());
  write_entry(shape, output, report, entry);
  return entry;
}

template <std::size_t bytes>
std::array<std::uint8_t, bytes> blake2b(std::string_view label, const VoprfOutput& output) {
  Entry input(label.begin(), label.end());
  input.insert(input.end(), output.raw().begin(), output.raw().end());
  std::array<std::uint8_t, bytes> digest;
  crypto_generichash_blake2b(digest.data(), bytes, input.data(), input.size(), nullptr, 0);
  return digest;
}

TEST(ListEntry, IsATagAndAReportUnderHashesOfTheOutput) {
  const ListShape shape{.entries = 1, .report_bytes = 32};
  const Entry entry = written(shape, output_of(5), "mule account");
  ASSERT_EQ(entry.size(), 16u + 32 + 16);
  const auto tag = blake2b<16>("polder look-up tag v1", output_of(5));
  EXPECT_TRUE(std::equal(tag.begin(), tag.end(), entry.begin()));

  const auto key = blake2b<32>("polder look-up report v1", output_of(5));
  const std::array<std::uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES> nonce{};
  std::string text(32, '?');
  unsigned long long size = 0;
  ASSERT_EQ(crypto_aead_chacha20poly1305_ietf_decrypt(
                reinterpret_cast<unsigned char*>(text.data()), &size, nullptr, entry.data() + 16,
                entry.size() - 16, nullptr, 0, nonce.data(), key.data()),
            0);
  EXPECT_EQ(text, padded("mule account", shape));
}

TEST(ListEntry, GivesReportsOfEveryLengthBack) {
  const ListShape shape{.entries = 1, .report_bytes = 64};
  for (const std::size_t length : {0, 1, 31, 32, 63, 64}) {
    const std::string report(length, 'x');
    const Entry entry = written(shape, output_of(1), report);
    EXPECT_EQ(entry.size(), shape.entry_bytes());
    EXPECT_EQ(read_entry(shape, output_of(1), entry), padded(report, shape));
  }
}

TEST(ListEntry, WithoutReportsIsATag) {
  const ListShape shape{.entries = 1};
  const Entry entry = written(shape, output_of(2), "");
  EXPECT_EQ(entry.size(), 16u);
  EXPECT_EQ(read_entry(shape, output_of(2), entry), "");
}

TEST(ListEntry, EveryByteOfAReportIsProven) {
  const ListShape shape{.entries = 1, .report_bytes = 32};
  const Entry good = written(shape, output_of(3), "forged papers");
  for (std::size_t at = 16; at < good.size(); ++at) {
    Entry bad = good;
    bad[at] ^= 0x40;
    expect_error(thrown_by([&] { read_entry(shape, output_of(3), bad); }), Code::cheating,
                 "not that one's");
  }
  expect_error(thrown_by([&] { read_entry(shape, output_of(4), good); }), Code::cheating,
               "not that one's");
}

TEST(ListShape, HasItsBounds) {
  const std::uint64_t most = std::uint64_t{1} << 26;
  const std::vector<ListShape> allowed{{0, 0}, {0, 512}, {1, 32}, {most, 0}, {most, 32}};
  for (const ListShape& shape : allowed) EXPECT_TRUE(shape.allowed()) << shape.entries;
  const std::vector<ListShape> refused{{most + 1, 0},  {most, 64},      {1, 31},
                                       {1, 544},       {UINT64_MAX, 0}, {UINT64_MAX / 16, 0},
                                       {1, UINT64_MAX}};
  for (const ListShape& shape : refused)
    EXPECT_FALSE(shape.allowed()) << shape.entries << " of " << shape.report_bytes;
}

}  // namespace
}  // namespace polder
