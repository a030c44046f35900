// The three nodes' logs read and compared: each whole, as it was, and all of one mind on what ran.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_reader.h"
#include "client/nodes/three_nodes.h"
#include "crypto/sign.h"

namespace polder {

using AuditHeads = std::array<std::optional<AuditHead>, 3>;

struct NodeAudit {
  AuditHead head;
  std::vector<AuditEntry> entries;  // that concern the reader
  std::string away;                 // why it could not be asked
};

struct AuditReport {
  std::array<NodeAudit, 3> nodes;
  std::size_t runs = 0;               // that ended well at all three, with equal terms
  std::vector<std::string> problems;  // in words; none: all is well
};

/// As the member or operator of `signer` sees them. `kept`: heads of an earlier report.
AuditReport audit(const Network& network, const SigningKey& signer, const AuditHeads& kept,
                  CancellationToken& cancellation);

/// What the logs of the nodes, of which some may be away, say against each other and themselves.
std::size_t compare_runs(const std::array<NodeAudit, 3>& nodes, std::vector<std::string>& problems);

}  // namespace polder
