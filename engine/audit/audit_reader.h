// A log as a reader goes through it: the chain is followed entry by entry and compared with heads.
#pragma once

#include <optional>
#include <string_view>

#include "audit/audit_chain.h"

namespace polder {

class AuditReader {
 public:
  /// `kept`: a head that was seen earlier, if there is one.
  AuditReader(std::string_view network, int role, std::optional<AuditHead> kept = {});

  const AuditHead& head() const { return head_; }

  /// Of the next entry its text, or its digest alone.  Throws Error cheating for an entry of
  /// another number, or where the chain parts from the head that was kept.
  AuditEntry add(std::string_view text);
  void add(const Digest256& digest);

  /// All was read: what was kept lies within it, and the node signed just this.
  /// Throws Error cheating.
  void finish(const AuditHead& said, const Signature& signature, const VerifyKey& node) const;

 private:
  [[noreturn]] void refuse(std::string_view why) const;

  std::string network_;
  int role_;
  std::optional<AuditHead> kept_;
  AuditHead head_;
};

}  // namespace polder
