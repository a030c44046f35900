#include "store/members.h"

#include <algorithm>

#include "base/error.h"

namespace polder {
namespace {

Member read_member(const Cursor& rows) {
  Member member{.name = rows.text(0), .sign = {}, .seal = {}};
  const auto sign = rows.blob(1), seal = rows.blob(2);
  require(sign.size() == 32 && seal.size() == 32, "members: keys of 32 bytes");
  std::copy(sign.begin(), sign.end(), member.sign.begin());
  std::copy(seal.begin(), seal.end(), member.seal.begin());
  return member;
}

std::optional<Member> first(Cursor rows) {
  if (!rows.next()) return std::nullopt;
  return read_member(rows);
}

}  // namespace

void Members::admit(const Member& member, std::int64_t now_ms) {
  catalogue_.change([&](Database& database) {
    const auto known =
        first(database.query("SELECT name, sign, seal FROM members WHERE name = ? OR sign = ?",
                             member.name, member.sign));
    if (known == member) return;
    if (known) {
      fail(Code::forbidden,
           "member '{}': this name or key is already bound to another; choose a new name and key",
           member.name);
    }
    database.change("INSERT INTO members VALUES (?, ?, ?, ?)", member.name, member.sign,
                    member.seal, now_ms);
  });
}

std::optional<Member> Members::named(std::string_view name) {
  return catalogue_.read([&](Database& database) {
    return first(database.query("SELECT name, sign, seal FROM members WHERE name = ?", name));
  });
}

std::optional<Member> Members::with_key(std::span<const std::uint8_t> sign) {
  return catalogue_.read([&](Database& database) {
    return first(database.query("SELECT name, sign, seal FROM members WHERE sign = ?", sign));
  });
}

std::vector<Member> Members::all() {
  return catalogue_.read([](Database& database) {
    std::vector<Member> members;
    Cursor rows = database.query("SELECT name, sign, seal FROM members ORDER BY name");
    while (rows.next()) members.push_back(read_member(rows));
    return members;
  });
}

}  // namespace polder
