#include "store/session_records.h"

namespace polder {
namespace {

SessionRecord read_record(const Cursor& rows) {
  return {.id = rows.text(0),
          .state = rows.text(1),
          .plan = rows.text(2),
          .requester = rows.text(3),
          .started_ms = rows.integer(4),
          .code = rows.text(5),
          .message = rows.text(6),
          .figures = rows.text(7),
          .expires_ms = rows.integer(8)};
}

}  // namespace

bool SessionRecords::begin(const SessionRecord& record) {
  bool added = false;
  catalogue_.change([&](Database& database) {
    added =
        database.change("INSERT OR IGNORE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        record.id, record.state, record.plan, record.requester, record.started_ms,
                        record.code, record.message, record.figures, record.expires_ms) == 1;
  });
  return added;
}

void SessionRecords::end(const SessionRecord& record,
                         const std::map<std::string, std::vector<std::uint8_t>>& results) {
  catalogue_.change([&](Database& database) {
    database.change(
        "UPDATE sessions SET state = ?, code = ?, message = ?, figures = ?, expires = ?"
        " WHERE id = ?",
        record.state, record.code, record.message, record.figures, record.expires_ms, record.id);
    for (const auto& [recipient, sealed] : results) {
      database.change("INSERT INTO results VALUES (?, ?, ?)", record.id, recipient, Blob(sealed));
    }
  });
}

std::optional<SessionRecord> SessionRecords::find(std::string_view id) {
  return catalogue_.read([&](Database& database) -> std::optional<SessionRecord> {
    Cursor rows = database.query("SELECT * FROM sessions WHERE id = ?", id);
    if (!rows.next()) return std::nullopt;
    return read_record(rows);
  });
}

std::vector<SessionRecord> SessionRecords::all() {
  return catalogue_.read([](Database& database) {
    std::vector<SessionRecord> records;
    Cursor rows = database.query("SELECT * FROM sessions ORDER BY started, id");
    while (rows.next()) records.push_back(read_record(rows));
    return records;
  });
}

std::optional<std::vector<std::uint8_t>> SessionRecords::result(std::string_view id,
                                                                std::string_view recipient) {
  return catalogue_.read([&](Database& database) -> std::optional<std::vector<std::uint8_t>> {
    Cursor rows = database.query("SELECT sealed FROM results WHERE session = ? AND recipient = ?",
                                 id, recipient);
    if (!rows.next()) return std::nullopt;
    return rows.blob(0);
  });
}

int SessionRecords::fail_unfinished(std::string_view code, std::string_view message) {
  int count = 0;
  catalogue_.change([&](Database& database) {
    count = database.change(
        "UPDATE sessions SET state = 'failed', code = ?, message = ? WHERE state = 'running'", code,
        message);
  });
  return count;
}

void SessionRecords::forget_expired(std::int64_t now_ms) {
  catalogue_.change([&](Database& database) {
    database.change("DELETE FROM sessions WHERE expires < ? AND state <> 'running'", now_ms);
  });
}

}  // namespace polder
