#include "audit/audit_chain.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_fields.h"
#include "crypto/hex.h"

namespace polder {

std::string audit_text(const AuditEntry& entry) {
  return json_text(Json::Object{{"number", entry.number},
                                {"time", entry.time_ms},
                                {"event", entry.event},
                                {"about", entry.about},
                                {"salt", entry.salt}});
}

AuditEntry parse_audit_entry(std::string_view text) {
  const Json value = parse_json(text, "audit entry");
  JsonFields fields(value, "audit entry");
  AuditEntry entry{.number = fields.integer("number", 0, Json::max_integer),
                   .time_ms = fields.integer("time", 0, Json::max_integer),
                   .event = fields.text("event"),
                   .about = {},
                   .salt = fields.text("salt")};
  const auto* const about = fields.at("about").get_if<Json::Object>();
  if (about == nullptr) fields.refuse("about", "an object");
  entry.about = *about;
  fields.done();
  if (audit_text(entry) != text)
    fail(Code::bad_input, "audit entry {}: it is not in its one spelling", entry.number);
  return entry;
}

Digest256 audit_digest(std::string_view entry_text) {
  return Hasher<32>().add("polder audit entry v1\n").add(entry_text).finish();
}

Digest256 audit_start(std::string_view network, int role) {
  return hash256(fmt::format("polder audit start v1\n{}\n{}", network, role));
}

Digest256 audit_link(const Digest256& before, const Digest256& entry) {
  return Hasher<32>().add("polder audit link v1\n").add(before).add(entry).finish();
}

std::string audit_head_text(std::string_view network, int role, const AuditHead& head) {
  return fmt::format("polder audit head v1\n{}\n{}\n{}\n{}", network, role, head.size,
                     to_hex(head.link));
}

}  // namespace polder
