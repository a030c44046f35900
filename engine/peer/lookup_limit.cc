#include "peer/lookup_limit.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"

namespace polder {
namespace {

std::int64_t system_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// To the minute, not before it.
std::string shown(std::int64_t ms) {
  const std::time_t seconds = static_cast<std::time_t>((ms + 59'999) / 60'000 * 60);
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(seconds));
}

}  // namespace

LookupLimit::LookupLimit(const std::filesystem::path& file, std::uint64_t in_24_hours, Clock clock)
    : limit_(in_24_hours), clock_(clock ? std::move(clock) : system_now), database_(file) {
  database_.run(
      "CREATE TABLE IF NOT EXISTS evaluations (asker TEXT NOT NULL, at INTEGER NOT NULL, "
      "count INTEGER NOT NULL);"
      "CREATE INDEX IF NOT EXISTS evaluations_by_asker ON evaluations (asker, at);"
      "CREATE TABLE IF NOT EXISTS latest (only_row INTEGER PRIMARY KEY CHECK (only_row = 0), "
      "at INTEGER NOT NULL)");
}

/// The clock's time, or the latest that was ever seen here.
std::int64_t LookupLimit::now() {
  database_.change(
      "INSERT INTO latest VALUES (0, ?) ON CONFLICT (only_row) DO UPDATE SET at = max(at, "
      "excluded.at)",
      clock_());
  Cursor cursor = database_.query("SELECT at FROM latest");
  cursor.next();
  return cursor.integer(0);
}

/// When so many evaluations more are within the limit; 0: they are now.
std::int64_t LookupLimit::free_again(std::string_view asker, std::uint64_t count) {
  std::uint64_t used = count;
  Cursor latest_first =
      database_.query("SELECT at, count FROM evaluations WHERE asker = ? ORDER BY at DESC", asker);
  while (latest_first.next()) {
    used += static_cast<std::uint64_t>(latest_first.integer(1));
    // What is as old as this one, or older, has to be forgotten first.
    if (used > limit_) return latest_first.integer(0) + window_ms;
  }
  return 0;
}

void LookupLimit::take(std::string_view asker, std::uint64_t count) {
  if (count > limit_) {
    fail(Code::forbidden, "{} identifiers at once; a bank may look up {} in 24 hours", count,
         limit_);
  }
  const std::lock_guard lock(mutex_);
  Transaction transaction(database_);
  const std::int64_t at = now();
  database_.change("DELETE FROM evaluations WHERE at <= ?", at - window_ms);
  const std::int64_t again = free_again(asker, count);
  if (again == 0) {
    database_.change("INSERT INTO evaluations VALUES (?, ?, ?)", asker, at,
                     static_cast<std::int64_t>(count));
  }
  transaction.commit();
  if (again == 0) return;
  fail(Code::busy, "the limit of {} look-ups of a bank in 24 hours is reached; ask again at {}",
       limit_, shown(again));
}

}  // namespace polder
