#include "crypto/hex.h"
#include "node/http/handlers.h"

namespace polder {
namespace {

constexpr std::uint64_t max_lines = 10'000;

}  // namespace

HttpResponse read_audit(Services& node, const Call& call) {
  const auto most = static_cast<int>(query_number(call.request.query, "most", max_lines, 1000));
  const auto from =
      static_cast<std::int64_t>(query_number(call.request.query, "from", Json::max_integer, 0));
  // A member sees what concerns it; the three operators see everything.
  const std::string* const reader = call.member ? &call.member->name : nullptr;
  Json::List entries;
  for (AuditLog::Line& line : node.audit.lines(from, most, reader)) {
    if (line.text.empty()) {
      entries.push_back(Json::Object{{"digest", to_hex(line.digest)}});
    } else {
      entries.push_back(Json::Object{{"text", std::move(line.text)}});
    }
  }
  const AuditHead head = node.audit.head();
  const Signature signature = node.sign(audit_head_text(node.network.id, node.role, head));
  const Json::Object page{{"from", from},
                          {"entries", std::move(entries)},
                          {"size", head.size},
                          {"link", to_hex(head.link)},
                          {"signature", to_hex(signature)}};
  return {.status = 200, .type = "application/json", .body = json_text(page)};
}

}  // namespace polder
