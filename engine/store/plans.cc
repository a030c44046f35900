#include "store/plans.h"

#include "base/error.h"

namespace polder {

void Plans::put(std::string_view fingerprint, std::string_view text, std::string_view by,
                std::int64_t now_ms) {
  catalogue_.change([&](Database& database) {
    if (database.change("UPDATE plans SET used = ? WHERE fingerprint = ?", now_ms, fingerprint) > 0)
      return;
    Cursor rows = database.query("SELECT total(length(text)) FROM plans WHERE member = ?", by);
    rows.next();
    const auto bytes = static_cast<std::uint64_t>(rows.integer(0)) + text.size();
    if (bytes > max_bytes_of_member) {
      fail(Code::busy,
           "plan: the plans of '{}' would take {} MB here; at most {} MB are kept of one member, "
           "each for 90 days after its last run",
           by, bytes >> 20, max_bytes_of_member >> 20);
    }
    database.change("INSERT INTO plans VALUES (?, ?, ?, ?)", fingerprint, text, by, now_ms);
  });
}

std::optional<std::string> Plans::find(std::string_view fingerprint) {
  return catalogue_.read([&](Database& database) -> std::optional<std::string> {
    Cursor rows = database.query("SELECT text FROM plans WHERE fingerprint = ?", fingerprint);
    if (!rows.next()) return std::nullopt;
    return rows.text(0);
  });
}

void Plans::forget(std::int64_t ms) {
  catalogue_.change([&](Database& database) {
    database.change(
        "DELETE FROM plans WHERE used < ? AND NOT EXISTS"
        " (SELECT 1 FROM statements WHERE subject = fingerprint)",
        ms);
  });
}

}  // namespace polder
