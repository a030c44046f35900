#include "store/notice.h"

#include <array>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "crypto/hex.h"

namespace polder {
namespace json = boost::json;
namespace {

using Kind = Notice::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 4> kinds{{
    {Kind::admit, "admit"},
    {Kind::expel, "expel"},
    {Kind::replace, "replace"},
    {Kind::delete_table, "delete_table"},
}};
constexpr std::uint64_t latest_time = std::uint64_t{1} << 52;

Kind kind_named(std::string_view text) {
  for (const auto& [kind, known] : kinds) {
    if (known == text) return kind;
  }
  fail(Code::bad_input, "notice: field 'kind' must be admit, expel, replace or delete_table");
}

bool has_keys(Kind kind) { return kind == Kind::admit || kind == Kind::replace; }

/// What a notice is about, as the catalogue names it.
std::string subject(const Notice& notice) {
  return (notice.kind == Kind::delete_table ? "table " : "member ") + notice.about;
}

}  // namespace

std::string_view name(Kind kind) {
  for (const auto& [known, text] : kinds) {
    if (known == kind) return text;
  }
  return "";
}

std::string notice_text(std::string_view network, const Notice& notice) {
  return fmt::format("polder notice v1\n{}\n{}\n{}\n{}\n{}", network, name(notice.kind),
                     notice.about, notice.time_ms,
                     notice.member ? canonical(to_json(*notice.member)) : "");
}

Notice signed_notice(std::string_view network, Notice notice, const SigningKey& signer) {
  notice.signer = signer.verify_key().raw();
  notice.signature = signer.sign(notice_text(network, notice));
  return notice;
}

Notice parse_notice(const json::object& object) {
  Fields fields(object, "notice");
  Notice notice{.kind = kind_named(fields.text("kind")),
                .about = fields.name("about"),
                .member = {},
                .time_ms = static_cast<std::int64_t>(fields.integer("time", 0, latest_time)),
                .signer = from_hex<32>(fields.hex("signer", 32)),
                .signature = from_hex<64>(fields.hex("signature", 64))};
  if (has_keys(notice.kind)) notice.member = parse_member(fields.object("member"));
  fields.done();
  if (notice.member && notice.member->name != notice.about) {
    fail(Code::bad_input, "notice: it is about '{}' and has the keys of '{}'", notice.about,
         notice.member->name);
  }
  if (notice.kind == Kind::delete_table) check_hex(notice.about, 16, "notice: the table's handle");
  return notice;
}

json::object to_json(const Notice& notice) {
  json::object object{{"kind", json::string(name(notice.kind))},
                      {"about", notice.about},
                      {"time", notice.time_ms},
                      {"signer", to_hex(notice.signer)},
                      {"signature", to_hex(notice.signature)}};
  if (notice.member) object["member"] = to_json(*notice.member);
  return object;
}

void NoticeRecords::keep(const Notice& notice) {
  catalogue_.change([&](Database& database) {
    database.change("DELETE FROM notices WHERE subject = ?", subject(notice));
    database.change("INSERT INTO notices (subject, time, text) VALUES (?, ?, ?)", subject(notice),
                    notice.time_ms, canonical(to_json(notice)));
  });
}

bool NoticeRecords::has(const Notice& notice) {
  return catalogue_.read([&](Database& database) {
    return database
        .query("SELECT 1 FROM notices WHERE subject = ? AND time >= ?", subject(notice),
               notice.time_ms)
        .next();
  });
}

std::vector<std::string> NoticeRecords::deleted_but_here() {
  return catalogue_.read([](Database& database) {
    std::vector<std::string> handles;
    Cursor rows =
        database.query("SELECT handle FROM tables JOIN notices ON subject = 'table ' || handle");
    while (rows.next()) handles.push_back(rows.text(0));
    return handles;
  });
}

std::vector<NoticeRecords::Numbered> NoticeRecords::after(std::int64_t number, std::size_t most) {
  return catalogue_.read([&](Database& database) {
    std::vector<Numbered> list;
    Cursor rows =
        database.query("SELECT number, text FROM notices WHERE number > ? ORDER BY number LIMIT ?",
                       number, static_cast<std::int64_t>(most));
    while (rows.next()) {
      list.push_back({rows.integer(0), parse_notice(parse_object(rows.text(1), "catalogue"))});
    }
    return list;
  });
}

void NoticeRecords::forget_deletions(std::int64_t ms) {
  catalogue_.change([&](Database& database) {
    database.change("DELETE FROM notices WHERE subject LIKE 'table %' AND time < ?", ms);
  });
}

}  // namespace polder
