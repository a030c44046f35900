// Oracle: all rows asked about in the last 24 hours, counted anew each time.
#include "peer/asked_rows.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "base/testing/test_folder.h"
#include "net/testing/test_support.h"

namespace polder {
namespace {

using testing::expect_error;
using testing::thrown_by;

using Kind = AskedRows::Kind;

constexpr std::int64_t hour = 3600 * 1000, day = 24 * hour;

/// The counts of one bank, and a clock that a test sets.
struct Counting {
  explicit Counting(std::uint64_t look_ups, std::uint64_t rows = 1'000'000)
      : most{.rows = rows, .look_ups = look_ups} {
    restart();
  }

  void restart() {
    counts.reset();
    counts.emplace(folder.path() / "counts", most, [this] { return now; });
  }
  bool takes(std::string_view requester, std::uint64_t count, Kind kind = Kind::look_up) {
    try {
      counts->take({requester, kind, count});
      return true;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::busy) << error.what();
      return false;
    }
  }

  const AskedRows::Limits most;
  const TestFolder folder;
  std::int64_t now = 100 * day;
  std::optional<AskedRows> counts;
};

TEST(AskedRows, CountsWhatABankAskedWithin24Hours) {
  Counting bank(5);
  EXPECT_TRUE(bank.takes("a", 3));
  bank.now += hour;
  EXPECT_TRUE(bank.takes("a", 2));
  EXPECT_FALSE(bank.takes("a", 1));
  bank.now += 23 * hour - 1;
  EXPECT_FALSE(bank.takes("a", 1));
  bank.now += 1;  // a day after the first
  EXPECT_FALSE(bank.takes("a", 4));
  EXPECT_TRUE(bank.takes("a", 3));
  EXPECT_FALSE(bank.takes("a", 1));
}

TEST(AskedRows, CountsEachBankByItself) {
  Counting bank(2);
  EXPECT_TRUE(bank.takes("a", 2));
  EXPECT_FALSE(bank.takes("a", 1));
  EXPECT_TRUE(bank.takes("b", 2));
}

TEST(AskedRows, ARefusalUsesNothingUp) {
  Counting bank(4);
  EXPECT_TRUE(bank.takes("a", 3));
  for (int again = 0; again < 5; ++again) EXPECT_FALSE(bank.takes("a", 2));
  EXPECT_TRUE(bank.takes("a", 1));
}

TEST(AskedRows, ARestartForgetsNothing) {
  Counting bank(2);
  EXPECT_TRUE(bank.takes("a", 2));
  bank.restart();
  EXPECT_FALSE(bank.takes("a", 1));
  bank.now += day;
  EXPECT_TRUE(bank.takes("a", 2));
}

TEST(AskedRows, AClockTurnedBackGivesNothingBack) {
  Counting bank(2);
  EXPECT_TRUE(bank.takes("a", 2));
  bank.now -= 10 * day;
  EXPECT_FALSE(bank.takes("a", 1));
  bank.restart();
  EXPECT_FALSE(bank.takes("a", 1));
  EXPECT_TRUE(bank.takes("b", 2));  // counted as of the latest time, so not forgotten early
  bank.now += 10 * day + 23 * hour;
  EXPECT_FALSE(bank.takes("a", 1));
  EXPECT_FALSE(bank.takes("b", 1));
  bank.now += hour;
  EXPECT_TRUE(bank.takes("a", 2));
  EXPECT_TRUE(bank.takes("b", 2));
}

TEST(AskedRows, TwoProcessesShareOneCount) {
  Counting bank(3);
  AskedRows other(bank.folder.path() / "counts", bank.most, [&] { return bank.now; });
  other.take({"a", Kind::look_up, 2});
  EXPECT_FALSE(bank.takes("a", 2));
  EXPECT_TRUE(bank.takes("a", 1));
  EXPECT_THROW(other.take({"a", Kind::look_up, 1}), Error);
}

TEST(AskedRows, SaysWhenToAskAgain) {
  Counting bank(2);
  bank.now = 0;  // 1970-01-01 00:00
  bank.counts->take({"a", Kind::look_up, 1});
  bank.now = 90'001;  // a millisecond after 00:01:30
  bank.counts->take({"a", Kind::look_up, 1});
  expect_error(thrown_by([&] {
                 bank.counts->take({"a", Kind::look_up, 1});
               }),
               Code::busy,
               "the limit of 2 look-ups of a bank in 24 hours is reached; ask again at "
               "1970-01-02 00:00 UTC");
  expect_error(thrown_by([&] {
                 bank.counts->take({"a", Kind::look_up, 2});
               }),
               Code::busy, "ask again at 1970-01-02 00:02 UTC");
}

TEST(AskedRows, MoreThanTheLimitAtOnceIsNeverAllowed) {
  Counting bank(2);
  expect_error(thrown_by([&] {
                 bank.counts->take({"a", Kind::look_up, 3});
               }),
               Code::forbidden, "3 at once: the limit is 2 look-ups of a bank in 24 hours");
}

/// A match is a look-up of as many rows: what one used up is gone for the other.
TEST(AskedRows, MatchesAndLookUpsShareOneCount) {
  Counting bank(5, 20);
  EXPECT_TRUE(bank.takes("a", 16, Kind::match));
  EXPECT_TRUE(bank.takes("a", 3));
  EXPECT_FALSE(bank.takes("a", 2, Kind::match));
  EXPECT_FALSE(bank.takes("a", 2));
  EXPECT_TRUE(bank.takes("a", 1));
  EXPECT_FALSE(bank.takes("a", 1, Kind::match));
  EXPECT_TRUE(bank.takes("b", 20, Kind::match));
  bank.restart();
  expect_error(thrown_by([&] {
                 bank.counts->take({"a", Kind::match, 1});
               }),
               Code::busy,
               "the limit of 20 rows, of matches and look-ups together, of a bank in 24 hours is "
               "reached; ask again at");
  bank.now += day;
  EXPECT_TRUE(bank.takes("a", 20, Kind::match));
}

TEST(AskedRows, RowsOfMatchesAreNoLookUps) {
  Counting bank(5, 1000);
  EXPECT_TRUE(bank.takes("a", 900, Kind::match));
  EXPECT_TRUE(bank.takes("a", 5));
  EXPECT_FALSE(bank.takes("a", 1));
  EXPECT_TRUE(bank.takes("a", 95, Kind::match));
}

TEST(AskedRows, ACheckUsesNothingUp) {
  Counting bank(5, 20);
  for (int again = 0; again < 3; ++again) bank.counts->check({"a", Kind::match, 20});
  EXPECT_TRUE(bank.takes("a", 20, Kind::match));
  expect_error(thrown_by([&] {
                 bank.counts->check({"a", Kind::match, 1});
               }),
               Code::busy, "is reached");
  expect_error(thrown_by([&] {
                 bank.counts->check({"b", Kind::match, 21});
               }),
               Code::forbidden, "21 at once: the limit is 20 rows");
}

TEST(AskedRows, EqualsAPlainCount) {
  struct Taken {
    std::int64_t at;
    std::uint64_t count;
  };
  Counting bank(10);
  std::vector<Taken> all;
  std::uint64_t state = 2024;
  const auto next = [&](std::uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
  };
  for (int turn = 0; turn < 100; ++turn) {
    bank.now += static_cast<std::int64_t>(next(5)) * hour;
    const std::uint64_t count = 1 + next(5);
    std::uint64_t used = 0;
    for (const Taken& each : all) used += each.at > bank.now - day ? each.count : 0;
    const bool fits = used + count <= 10;
    ASSERT_EQ(bank.takes("a", count), fits) << "turn " << turn;
    if (fits) all.push_back({bank.now, count});
  }
}

}  // namespace
}  // namespace polder
