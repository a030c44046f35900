#include "audit/audit_reader.h"

#include <fmt/format.h>

#include "base/error.h"

namespace polder {

AuditReader::AuditReader(std::string_view network, int role, std::optional<AuditHead> kept)
    : network_(network), role_(role), kept_(kept), head_{0, audit_start(network, role)} {}

void AuditReader::refuse(std::string_view why) const {
  fail(Code::cheating, "audit: node {}'s log {}", role_, why);
}

AuditEntry AuditReader::add(std::string_view text) {
  AuditEntry entry = parse_audit_entry(text);
  if (entry.number != head_.size)
    refuse(fmt::format("has entry {} where {} should be", entry.number, head_.size));
  add(audit_digest(text));
  return entry;
}

void AuditReader::add(const Digest256& digest) {
  head_.link = audit_link(head_.link, digest);
  ++head_.size;
  if (kept_ && kept_->size == head_.size && kept_->link != head_.link)
    refuse(
        fmt::format("is not the one of before: one of its first {} entries was changed, taken "
                    "out, put in or moved",
                    head_.size));
}

void AuditReader::finish(const AuditHead& said, const Signature& signature,
                         const VerifyKey& node) const {
  if (said != head_) refuse("does not lead to the head that it shows");
  if (!node.accepts(audit_head_text(network_, role_, said), signature))
    refuse("has a head that the node did not sign");
  if (kept_ && kept_->size > head_.size)
    refuse(fmt::format("has {} entries, and had {} before", head_.size, kept_->size));
}

}  // namespace polder
