#include "store/session_records.h"

namespace polder {
namespace {

constexpr std::int64_t max_sessions = 50'000;  // some 100 MB, also if somebody asks all day long

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

void SessionRecords::begin(const SessionRecord& record, const std::set<std::string>& members) {
  catalogue_.change([&](Database& database) {
    database.change("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", record.id,
                    record.state, record.plan, record.requester, record.started_ms, record.code,
                    record.message, record.figures, record.expires_ms);
    for (const std::string& member : members) {
      database.change("INSERT INTO session_members SELECT ?, rowid, id FROM sessions WHERE id = ?",
                      member, record.id);
    }
  });
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

std::vector<SessionRecords::Numbered> SessionRecords::of_member(std::string_view member,
                                                                std::int64_t before, int most) {
  return catalogue_.read([&](Database& database) {
    std::vector<Numbered> found;
    Cursor rows = database.query(
        "SELECT sessions.*, number FROM session_members JOIN sessions ON sessions.id = session"
        " WHERE member = ? AND number < ? ORDER BY number DESC LIMIT ?",
        member, before, std::int64_t{most});
    while (rows.next()) found.push_back({.number = rows.integer(9), .record = read_record(rows)});
    return found;
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

void SessionRecords::forget(std::int64_t now_ms, std::int64_t began_ms) {
  catalogue_.change([&](Database& database) {
    database.change(
        "DELETE FROM results WHERE session IN (SELECT id FROM sessions WHERE expires < ?)", now_ms);
    database.change(
        "DELETE FROM sessions WHERE state <> 'running' AND"
        " (started < ? OR rowid <= (SELECT max(rowid) FROM sessions) - ?)",
        began_ms, max_sessions);
  });
}

}  // namespace polder
