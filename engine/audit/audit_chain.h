// A log that nobody changes unseen: each entry has a digest, each link of the chain hashes the one
// before and the next digest, and a node signs how many entries there are and the last link. Who
// kept an earlier head finds any entry that was changed, taken out, put in or moved before it.
//
// A reader whom an entry does not concern gets its digest alone: the chain holds without the text,
// and 16 random bytes in each entry keep it from being guessed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

namespace polder {

struct AuditEntry {
  std::int64_t number;   // 0, 1, 2 …
  std::int64_t time_ms;  // by the node's clock
  std::string event;     // "run_begun", say
  Json::Object about;
  std::string salt;  // 32 random hex digits
};

/// Canonical JSON.
std::string audit_text(const AuditEntry& entry);
/// Throws Error bad_input, also for another spelling.
AuditEntry parse_audit_entry(std::string_view text);

Digest256 audit_digest(std::string_view entry_text);

/// The link before the first entry: no two nodes' chains are alike.
Digest256 audit_start(std::string_view network, int role);
Digest256 audit_link(const Digest256& before, const Digest256& entry);

struct AuditHead {
  std::int64_t size = 0;  // entries
  Digest256 link{};       // of the last one, or the start
  friend bool operator==(const AuditHead&, const AuditHead&) = default;
};

/// What a node signs of its log.
std::string audit_head_text(std::string_view network, int role, const AuditHead& head);

}  // namespace polder
