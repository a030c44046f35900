#include "store/members.h"

#include <algorithm>
#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "store/member_name.h"

namespace polder {
namespace json = boost::json;
namespace {

template <std::size_t n>
std::array<std::uint8_t, n> blob(const Cursor& rows, int column) {
  const auto bytes = rows.blob(column);
  require(bytes.size() == n, "members: keys and proofs have one length");
  std::array<std::uint8_t, n> out;
  std::ranges::copy(bytes, out.begin());
  return out;
}

Members::Entry read_entry(const Cursor& rows) {
  return {.member = {.name = rows.text(0),
                     .sign = blob<32>(rows, 1),
                     .seal = blob<32>(rows, 2),
                     .proof = blob<64>(rows, 3)},
          .state = rows.text(4) == "admitted" ? Members::State::admitted : Members::State::expelled,
          .changed_ms = rows.integer(5)};
}

}  // namespace

std::string member_text(std::string_view name, const VerifyKey::Raw& sign, const SealKey& seal) {
  return fmt::format("polder member v1\n{}\n{}\n{}", name, to_hex(sign), to_hex(seal));
}

std::string fingerprint(const Member& member) {
  const std::string digits = to_hex(hash128(member_text(member.name, member.sign, member.seal)));
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 4) {
    out += (i == 0 ? "" : " ") + digits.substr(i, 4);
  }
  return out;
}

Member parse_member(const json::object& object) {
  Fields fields(object, "member");
  const Member member{.name = fields.name("name"),
                      .sign = from_hex<32>(fields.hex("sign", 32)),
                      .seal = from_hex<32>(fields.hex("seal", 32)),
                      .proof = from_hex<64>(fields.hex("proof", 64))};
  fields.done();
  check_visible_name(member.name, "member: its name");
  const std::string text = member_text(member.name, member.sign, member.seal);
  if (!VerifyKey(member.sign).accepts(text, member.proof)) {
    fail(Code::bad_input,
         "member '{}': its keys do not vouch for one another; hand over the NAME.pub that polder "
         "key new wrote, unchanged",
         member.name);
  }
  if (!can_seal_to(member.seal)) {
    fail(Code::bad_input, "member '{}': nothing can be sealed to its key; make new keys",
         member.name);
  }
  return member;
}

json::object to_json(const Member& member) {
  return {{"name", member.name},
          {"sign", to_hex(member.sign)},
          {"seal", to_hex(member.seal)},
          {"proof", to_hex(member.proof)}};
}

Members::Members(Catalogue& catalogue) : catalogue_(catalogue) {
  catalogue_.read([this](Database& database) {
    Cursor rows = database.query("SELECT name, sign, seal, proof, state, changed FROM members");
    while (rows.next()) {
      Entry entry = read_entry(rows);
      entries_.emplace(entry.member.name, std::move(entry));
    }
    Cursor keys = database.query("SELECT sign, name FROM member_keys");
    while (keys.next()) names_.emplace(blob<32>(keys, 0), keys.text(1));
  });
}

bool Members::set(const Entry& entry) {
  const Member& member = entry.member;
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(member.name);
  if (known != entries_.end() && known->second.changed_ms >= entry.changed_ms) return false;
  const auto owner = names_.find(member.sign);
  if (owner != names_.end() && owner->second != member.name) {
    fail(Code::forbidden, "member '{}': this key is or was that of '{}'; make new keys",
         member.name, owner->second);
  }
  catalogue_.change([&](Database& database) {
    database.change(
        "INSERT INTO members VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
        " sign = excluded.sign, seal = excluded.seal, proof = excluded.proof,"
        " state = excluded.state, changed = excluded.changed",
        member.name, Blob(member.sign), Blob(member.seal), Blob(member.proof),
        entry.state == State::admitted ? "admitted" : "expelled", entry.changed_ms);
    database.change("INSERT OR IGNORE INTO member_keys VALUES (?, ?)", Blob(member.sign),
                    member.name);
  });
  entries_.insert_or_assign(member.name, entry);
  names_.emplace(member.sign, member.name);
  return true;
}

std::optional<Member> Members::named(std::string_view name) {
  const auto found = entry(name);
  if (!found || found->state != State::admitted) return std::nullopt;
  return found->member;
}

std::optional<Member> Members::with_key(std::span<const std::uint8_t> sign) {
  VerifyKey::Raw key;
  require(sign.size() == key.size(), "a key of 32 bytes");
  std::ranges::copy(sign, key.begin());
  const std::lock_guard lock(mutex_);
  const auto name = names_.find(key);
  if (name == names_.end()) return std::nullopt;
  const Entry& found = entries_.find(name->second)->second;
  const bool present = found.state == State::admitted && found.member.sign == key;
  return present ? std::optional(found.member) : std::nullopt;
}

std::vector<VerifyKey> Members::keys_of(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(name);
  if (known == entries_.end()) return {};
  std::vector<VerifyKey> keys{VerifyKey(known->second.member.sign)};
  for (const auto& [key, owner] : names_) {
    if (owner == name && key != known->second.member.sign) keys.emplace_back(key);
  }
  return keys;
}

std::optional<Members::Entry> Members::entry(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Members::Entry> Members::all() {
  const std::lock_guard lock(mutex_);
  std::vector<Entry> all;
  for (const auto& [name, entry] : entries_) all.push_back(entry);
  return all;
}

}  // namespace polder
