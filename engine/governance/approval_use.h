// Whether an approval holds for a run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "governance/statement.h"

namespace polder {

/// A run before one owner of its tables.
struct ApprovalUse {
  const Graph& plan;
  std::string_view fingerprint;  // of the plan, in hex
  std::string_view owner;
  std::string_view requester;
  std::int64_t now_ms;  // by the clock of who decides
};

/// Throws Error bad_input for an approval that says otherwise of this plan than the plan itself:
/// its tables of the owner, or what it opens.
void require_fits(const Approval& approval, const Graph& plan);

/// Why the approval does not hold for it, in a few words of public facts; empty if it does.
/// Whether it was revoked, and how many runs are left, is known where statements are kept.
std::string objection(const Approval& approval, const ApprovalUse& use);

}  // namespace polder
