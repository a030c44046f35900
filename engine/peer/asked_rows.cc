#include "peer/asked_rows.h"

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

AskedRows::AskedRows(const std::filesystem::path& file, const Limits& limits, Clock clock)
    : limits_(limits), clock_(clock ? std::move(clock) : system_now), database_(file) {
  database_.run(
      "CREATE TABLE IF NOT EXISTS asked (asker TEXT NOT NULL, at INTEGER NOT NULL, "
      "looked_up INTEGER NOT NULL, count INTEGER NOT NULL);"
      "CREATE INDEX IF NOT EXISTS asked_by_asker ON asked (asker, at);"
      "CREATE TABLE IF NOT EXISTS latest (only_row INTEGER PRIMARY KEY CHECK (only_row = 0), "
      "at INTEGER NOT NULL)");
}

/// The clock's time, or the latest that was ever seen here.
std::int64_t AskedRows::now() {
  database_.change(
      "INSERT INTO latest VALUES (0, ?) ON CONFLICT (only_row) DO UPDATE SET at = max(at, "
      "excluded.at)",
      clock_());
  Cursor cursor = database_.query("SELECT at FROM latest");
  cursor.next();
  return cursor.integer(0);
}

/// When so many rows more are within the limit; 0: they are now.
std::int64_t AskedRows::free_again(const Rows& rows, const Limit& limit) {
  std::uint64_t used = rows.count;
  Cursor latest_first = database_.query(
      "SELECT at, count FROM asked WHERE asker = ? AND looked_up >= ? ORDER BY at DESC",
      rows.requester, std::int64_t{limit.look_ups_only});
  while (latest_first.next()) {
    used += static_cast<std::uint64_t>(latest_first.integer(1));
    // What is as old as this one, or older, has to be forgotten first.
    if (used > limit.most) return latest_first.integer(0) + window_ms;
  }
  return 0;
}

std::optional<Error> AskedRows::refusal(const Rows& rows) {
  const Limit all{.most = limits_.rows, .look_ups_only = false};
  const Limit of_look_ups{.most = limits_.look_ups, .look_ups_only = true};
  for (const Limit& limit : {of_look_ups, all}) {
    if (limit.look_ups_only && rows.kind != Kind::look_up) continue;
    const std::string_view what =
        limit.look_ups_only ? "look-ups" : "rows, of matches and look-ups together,";
    if (rows.count > limit.most) {
      return Error(Code::forbidden,
                   fmt::format("{} at once: the limit is {} {} of a bank in 24 hours", rows.count,
                               limit.most, what));
    }
    if (const std::int64_t again = free_again(rows, limit); again != 0) {
      return Error(
          Code::busy,
          fmt::format("the limit of {} {} of a bank in 24 hours is reached; ask again at {}",
                      limit.most, what, shown(again)));
    }
  }
  return std::nullopt;
}

void AskedRows::decide(const Rows& rows, Use use) {
  std::optional<Error> refused;
  {
    const std::lock_guard lock(mutex_);
    Transaction transaction(database_);
    const std::int64_t at = now();
    database_.change("DELETE FROM asked WHERE at <= ?", at - window_ms);
    refused = refusal(rows);
    if (!refused && use == Use::up) {
      database_.change("INSERT INTO asked VALUES (?, ?, ?, ?)", rows.requester, at,
                       std::int64_t{rows.kind == Kind::look_up},
                       static_cast<std::int64_t>(rows.count));
    }
    transaction.commit();
  }
  if (refused) throw *refused;
}

}  // namespace polder
