// Oracle: the register's rows, evaluated one by one by the key's holder.
#include "peer/lookup/published_list.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <bit>
#include <cstring>
#include <set>

#include "net/testing/test_support.h"
#include "peer/testing/test_rows.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::identifier;
using testing::padded;
using testing::register_of;
using testing::report_of;
using testing::Reports;
using testing::some_seed;
using testing::thrown_by;

std::vector<std::string> entries_of(const PublishedList& list) {
  const std::size_t size = list.head.shape.entry_bytes();
  std::vector<std::string> entries;
  for (std::size_t at = 0; at < list.entries.size(); at += size)
    entries.emplace_back(list.entries.begin() + static_cast<std::ptrdiff_t>(at),
                         list.entries.begin() + static_cast<std::ptrdiff_t>(at + size));
  return entries;
}

std::string tag_at(const PublishedList& list, std::uint64_t number) {
  const Digest128 tag = tag_of(list.key(identifier(number)));
  return {tag.begin(), tag.end()};
}

/// The entries that have the tag of this identifier.
std::vector<std::string> with_tag(const PublishedList& list, std::uint64_t number) {
  std::vector<std::string> found;
  for (const std::string& entry : entries_of(list)) {
    if (entry.starts_with(tag_at(list, number))) found.push_back(entry);
  }
  return found;
}

TEST(PublishedList, HoldsEveryRowOnceAmongAsManyAsItsBound) {
  for (const std::uint64_t n : {0, 1, 2, 33}) {
    for (const std::uint64_t bound : {n, n + 1, n + 40}) {
      const PublishedList list = publish(register_of(n), bound, some_seed);
      EXPECT_EQ(list.head.shape, (ListShape{.entries = bound, .report_bytes = 32}));
      EXPECT_EQ(list.entries.size(), list.head.shape.bytes());
      const auto entries = entries_of(list);
      EXPECT_TRUE(std::ranges::is_sorted(entries, [](const auto& a, const auto& b) {
        return std::memcmp(a.data(), b.data(), 16) < 0;
      }));
      for (std::uint64_t number = 0; number < n; ++number) {
        const auto found = with_tag(list, number);
        ASSERT_EQ(found.size(), 1u);
        EXPECT_EQ(read_entry(list.head.shape, list.key(identifier(number)),
                             bytes_of(std::string_view(found[0]))),
                  padded(report_of(number), list.head.shape));
      }
      EXPECT_TRUE(with_tag(list, n).empty());
    }
  }
}

TEST(PublishedList, WithoutReportsHoldsTags) {
  const PublishedList list = publish(register_of(3, Reports::none), 4, some_seed);
  EXPECT_EQ(list.head.shape, (ListShape{.entries = 4, .report_bytes = 0}));
  EXPECT_EQ(with_tag(list, 2).size(), 1u);
}

TEST(PublishedList, OfNoRowsLooksLikeOfOne) {
  const PublishedList none = publish(register_of(0), 8, some_seed);
  const PublishedList one = publish(register_of(1), 8, some_seed);
  EXPECT_EQ(none.head.shape, one.head.shape);
}

TEST(PublishedList, IsTheSameForTheSameRows) {
  const PublishedList first = publish(register_of(5), 8, some_seed);
  const PublishedList again = publish(register_of(5), 8, some_seed);
  EXPECT_EQ(first.head.fingerprint, again.head.fingerprint);
  EXPECT_EQ(first.entries, again.entries);
}

/// Nothing of one list may be seen again in the other: neither rows, nor what fills it up, whose
/// number would tell that of the rows.
void expect_nothing_alike(const PublishedList& one, const PublishedList& other) {
  EXPECT_NE(one.head.public_point, other.head.public_point);
  EXPECT_NE(one.head.fingerprint, other.head.fingerprint);
  std::set<std::string> tags;
  for (const std::string& entry : entries_of(one)) tags.insert(entry.substr(0, 16));
  for (const std::string& entry : entries_of(other))
    EXPECT_FALSE(tags.contains(entry.substr(0, 16)));
}

TEST(PublishedList, HasAnotherKeyAndFillingOnceAnythingChanged) {
  const PublishedList list = publish(register_of(5), 8, some_seed);
  expect_nothing_alike(list, publish(register_of(6), 8, some_seed));
  expect_nothing_alike(list, publish(register_of(4), 8, some_seed));
  expect_nothing_alike(list, publish(register_of(5), 9, some_seed));
  expect_nothing_alike(list, publish(register_of(5, Reports::none), 8, some_seed));
  expect_nothing_alike(list, publish(register_of(5), 8, std::array<std::uint8_t, 32>{1}));

  RegisterRows other = register_of(5);
  other.reports->at(4) += "!";
  expect_nothing_alike(list, publish(other, 8, some_seed));
  RegisterRows moved = register_of(5);  // the same letters, differently divided
  moved.reports->at(3) += moved.reports->at(4).substr(0, 1);
  moved.reports->at(4).erase(0, 1);
  expect_nothing_alike(list, publish(moved, 8, some_seed));
}

TEST(PublishedList, ItsFingerprintIsOfSizesKeyAndEntries) {
  const PublishedList list = publish(register_of(2), 3, some_seed);
  const std::array<std::uint64_t, 2> sizes{3, 32};
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, nullptr, 0, 32);
  const auto add = [&](std::span<const std::uint8_t> bytes) {
    crypto_generichash_blake2b_update(&state, bytes.data(), bytes.size());
  };
  add(bytes_of(std::string_view("polder register v1")));
  add(list.head.public_point);
  add(bytes_of(sizes));
  add(list.entries);
  Digest256 digest;
  crypto_generichash_blake2b_final(&state, digest.data(), digest.size());
  EXPECT_EQ(list.head.fingerprint, digest);
}

// 200 entries of 64 bytes are 102,400 bits: 6 standard deviations are 960.
TEST(PublishedList, LooksRandomWhateverItHolds) {
  for (const std::uint64_t n : {0, 200}) {
    const PublishedList list = publish(register_of(n), 200, some_seed);
    int ones = 0;
    for (const std::uint8_t byte : list.entries) ones += std::popcount(byte);
    EXPECT_NEAR(ones, 51'200, 960) << n << " rows";
  }
}

TEST(PublishedList, TooLargeIsRefusedBeforeItIsMade) {
  expect_error(thrown_by([] { publish(register_of(1), (1ull << 26) + 1, some_seed); }),
               Code::bad_input, "a register of 67108865 entries with reports of 32 bytes");
}

TEST(PublishedList, TravelsInPiecesThatCoverIt) {
  constexpr std::uint64_t piece = 1 << 20;
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, piece, 2 * piece + 5}) {
    std::uint64_t next = 0;
    in_pieces(bytes, [&](std::uint64_t at, std::uint64_t size) {
      EXPECT_EQ(at, next);
      EXPECT_LE(size, piece);
      next += size;
    });
    EXPECT_EQ(next, bytes);
  }
}

}  // namespace
}  // namespace polder
