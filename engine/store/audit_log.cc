#include "store/audit_log.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/hex.h"
#include "crypto/random.h"

namespace polder {
namespace {

AuditHead head_of(Database& database, const Digest256& start) {
  Cursor rows = database.query("SELECT number, link FROM audit ORDER BY number DESC LIMIT 1");
  if (!rows.next()) return {.size = 0, .link = start};
  AuditHead head{.size = rows.integer(0) + 1, .link = {}};
  const auto link = rows.blob(1);
  require(link.size() == head.link.size(), "audit: links have one length");
  std::ranges::copy(link, head.link.begin());
  return head;
}

std::string random_salt() {
  std::array<std::uint8_t, 16> salt;
  random_bytes(salt);
  return to_hex(salt);
}

}  // namespace

void AuditLog::append(std::string_view event, Json::Object about,
                      const std::set<std::string>& concerned, std::int64_t now_ms) {
  catalogue_.change(
      [&](Database& database) { append_in(database, event, std::move(about), concerned, now_ms); });
}

void AuditLog::append_in(Database& database, std::string_view event, Json::Object about,
                         const std::set<std::string>& concerned, std::int64_t now_ms) const {
  const AuditHead before = head_of(database, start_);
  const std::string text = audit_text({.number = before.size,
                                       .time_ms = now_ms,
                                       .event = std::string(event),
                                       .about = std::move(about),
                                       .salt = random_salt()});
  const Digest256 link = audit_link(before.link, audit_digest(text));
  database.change("INSERT INTO audit VALUES (?, ?, ?)", before.size, text, Blob(link));
  for (const std::string& member : concerned)
    database.change("INSERT INTO audit_members VALUES (?, ?)", member, before.size);
}

AuditHead AuditLog::head() {
  return catalogue_.read([&](Database& database) { return head_of(database, start_); });
}

std::vector<AuditLog::Line> AuditLog::lines(std::int64_t from, int most,
                                            const std::string* member) {
  return catalogue_.read([&](Database& database) {
    std::vector<Line> lines;
    Cursor rows = database.query(
        "SELECT text, EXISTS (SELECT 1 FROM audit_members AS of WHERE of.number = audit.number"
        " AND of.member = ?) FROM audit WHERE number >= ? ORDER BY number LIMIT ?",
        member == nullptr ? std::string_view() : std::string_view(*member), from,
        std::int64_t{most});
    while (rows.next()) {
      std::string text = rows.text(0);
      const Digest256 digest = audit_digest(text);
      if (member != nullptr && rows.integer(1) == 0) text.clear();
      lines.push_back({.text = std::move(text), .digest = digest});
    }
    return lines;
  });
}

}  // namespace polder
