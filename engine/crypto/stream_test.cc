#include "crypto/stream.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <thread>
#include <vector>

#include "base/error.h"
#include "crypto/aes.h"
#include "crypto/hex.h"

namespace polder {
namespace {

using Row = std::vector<std::uint64_t>;

constexpr Key::Raw counting{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

Row drawn(Stream& stream, std::size_t n) {
  Row words(n);
  stream.fill(words);
  return words;
}

// The oracle: the counter mode itself (which aes_test.cc compares with OpenSSL), from block 0.
Row expected_words(const Key::Raw& key, std::size_t n) {
  Row words((n + 63) / 64 * 64);
  Aes128(key).counters(0, 0, words);
  words.resize(n);
  return words;
}

TEST(Stream, IsCounterModeFromZeroWhateverThePiecesDrawn) {
  const Row expected = expected_words(counting, 200'000);
  for (std::size_t piece : {1, 2, 63, 64, 65, 511, 512, 513, 1000, 5000, 66'000}) {
    Stream stream{Key(counting)};
    Row all;
    while (all.size() + piece <= expected.size() && all.size() < 70 * piece) {
      EXPECT_EQ(stream.position(), all.size());
      const Row words = drawn(stream, piece);
      all.insert(all.end(), words.begin(), words.end());
    }
    ASSERT_TRUE(std::equal(all.begin(), all.end(), expected.begin())) << piece;
  }
}

TEST(Stream, MixesSmallAndLargeDrawsAndSkips) {
  const Row expected = expected_words(counting, 100'000);
  Stream stream{Key(counting)};
  std::size_t at = 0;
  for (std::size_t i = 1; at < 90'000; ++i) {
    const std::size_t count = i * 7919 % 3001, passed = i % 3 == 0 ? i * 104'729 % 1777 : 0;
    const Row words = drawn(stream, count);
    ASSERT_TRUE(std::equal(words.begin(), words.end(), expected.begin() + std::ptrdiff_t(at)));
    stream.skip(passed);
    at += count + passed;
    ASSERT_EQ(stream.position(), at);
  }
}

TEST(Stream, DrawsNothingForNoWords) {
  Stream stream{Key(counting)};
  stream.fill({});
  EXPECT_EQ(stream.position(), 0u);
}

TEST(Stream, GivesBothHoldersOfAKeyTheSameAndOtherKeysOtherWords) {
  Stream one{Key(counting)}, two{Key(counting)}, other{Key::random()}, another{Key::random()};
  EXPECT_EQ(drawn(one, 1000), drawn(two, 1000));
  EXPECT_NE(drawn(other, 1000), drawn(another, 1000));
}

TEST(Stream, ThrowsBeforeItsCounterWraps) {
  constexpr std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  Stream stream{Key(counting)};
  stream.skip(last - 3);
  EXPECT_THROW(drawn(stream, 4), Error);
  drawn(stream, 3);
  EXPECT_EQ(stream.position(), last);
  EXPECT_THROW(stream.skip(1), Error);
}

TEST(Stream, IsUnusableAfterAMoveAndContinuesWhereItWent) {
  Stream first{Key(counting)};
  Row words = drawn(first, 700);
  Stream second = std::move(first);
  EXPECT_THROW(first.skip(0), Error);  // NOLINT: the use after the move is the test
  EXPECT_THROW(first.position(), Error);
  EXPECT_THROW(drawn(first, 1), Error);
  const Row rest = drawn(second, 700);
  words.insert(words.end(), rest.begin(), rest.end());
  EXPECT_EQ(words, expected_words(counting, 1400));

  Stream third{Key::random()};
  third = std::move(second);
  EXPECT_EQ(third.position(), 1400u);
  EXPECT_THROW(drawn(second, 1), Error);
}

// SECURITY 28: a forked child would hand out its parent's words again.
TEST(Stream, IsUnusableInAForkedChild) {
  Stream stream{Key(counting)};
  const pid_t child = fork();
  if (child == 0) {
    int refused = 0;
    try {
      stream.skip(1);
    } catch (const Error&) {
      refused = 1;
    }
    Stream fresh{Key(counting)};
    fresh.skip(1);  // the child's own streams work
    _exit(refused == 1 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(drawn(stream, 10), expected_words(counting, 10));
}

// SECURITY 27, 28: streams of one key's purposes, drawn in several threads and moved between them,
// never repeat a 16-byte block.
TEST(Stream, NeverRepeatsABlockAcrossPurposesThreadsAndMoves) {
  constexpr std::size_t threads = 4, words = 250'000;
  const Key key = Key::random();
  std::vector<Row> all(threads, Row(words));
  std::vector<std::thread> running;
  for (std::size_t t = 0; t < threads; ++t) {
    Stream stream(key.derive("thread " + std::to_string(t)));
    stream.fill(std::span(all[t]).first(1000));
    running.emplace_back([&all, t, moved = std::move(stream)]() mutable {
      for (std::size_t at = 1000; at < words;) {
        const std::size_t count = std::min<std::size_t>(words - at, at % 1999 / 2 * 2 + 2);
        moved.fill(std::span(all[t]).subspan(at, count));
        at += count;
      }
    });
  }
  for (auto& thread : running) thread.join();

  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks;
  for (const Row& row : all) {
    for (std::size_t i = 0; i < words; i += 2) blocks.emplace_back(row[i], row[i + 1]);
  }
  std::sort(blocks.begin(), blocks.end());
  EXPECT_EQ(std::adjacent_find(blocks.begin(), blocks.end()), blocks.end());
}

TEST(Stream, HasEvenBits) {
  Stream stream{Key(counting)};
  std::array<double, 64> ones{};
  constexpr double n = 100'000;
  for (std::uint64_t word : drawn(stream, static_cast<std::size_t>(n))) {
    for (std::size_t bit = 0; bit < 64; ++bit) ones[bit] += static_cast<double>(word >> bit & 1);
  }
  for (double count : ones) EXPECT_NEAR(count, n / 2, 5 * std::sqrt(n) / 2);
}

// Expected values from Python's hashlib: blake2b(label, key=key, digest_size=16, person="polder
// key v1").
TEST(Key, DerivesTheKeyedHashOfTheLabel) {
  EXPECT_EQ(to_hex(Key(counting).derive("column a").raw()), "9860f93fe7743611ed352c19adb2b934");
  EXPECT_EQ(to_hex(Key(counting).derive("").raw()), "be20900a4cf7a7f850349f55a21f79c9");
}

TEST(Key, DerivesDistinctKeysForDistinctLabelsAndKeys) {
  std::set<Key::Raw> seen{counting};
  Key::Raw near = counting;
  near[15] ^= 1;
  for (int i = 0; i < 1000; ++i) {
    seen.insert(Key(counting).derive(std::to_string(i)).raw());
    seen.insert(Key(near).derive(std::to_string(i)).raw());
  }
  EXPECT_EQ(seen.size(), 2001u);
}

TEST(Key, IsRandom) {
  std::set<Key::Raw> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(Key::random().raw());
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(Key, IsUnusableAndWipedAfterAMove) {
  Key first(counting);
  Key second(std::move(first));
  EXPECT_THROW(first.raw(), Error);  // NOLINT: the use after the move is the test
  EXPECT_THROW(first.derive("x"), Error);
  EXPECT_THROW(Stream(std::move(first)), Error);
  EXPECT_EQ(second.raw(), counting);

  Key third = Key::random();
  third = std::move(second);
  EXPECT_EQ(third.raw(), counting);
  EXPECT_THROW(second.raw(), Error);
  static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
  static_assert(!std::is_copy_constructible_v<Stream> && !std::is_copy_assignable_v<Stream>);
}

TEST(Random, FillsAllItIsGiven) {
  Row words(1000, 0), more(1000, 0);
  random_words(words);
  random_words(more);
  EXPECT_EQ(std::count(words.begin(), words.end(), 0u), 0);
  EXPECT_NE(words, more);
  random_words({});
}

}  // namespace
}  // namespace polder
