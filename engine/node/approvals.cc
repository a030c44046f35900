#include "node/approvals.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "governance/approval_use.h"

namespace polder {
namespace {

std::set<std::string> owners_to_ask(const PreparedRun& run, std::string_view requester) {
  std::set<std::string> owners;
  for (const auto& table : run.tables) {
    if (table->manifest.serves.approval) owners.insert(table->manifest.owner);
  }
  const auto is_own = [&](const std::string& name) { return name == requester; };
  const PlanParties names = parties_of(run.plan);
  if (std::ranges::all_of(names.parties, is_own) && std::ranges::all_of(names.to, is_own))
    return {};
  return owners;
}

/// Why this approval is of no use for the run; empty if it is.
std::string why_not(const KeptApproval& kept, const ApprovalUse& use, const ApprovalSources& from) {
  if (std::string why = objection(kept.approval, use); !why.empty()) return why;
  if (kept.revoked) return "revoked";
  if (kept.runs_left() == 0) return fmt::format("all {} runs used", kept.approval.terms.max_runs);
  const auto owner = from.members.named(use.owner);
  if (!owner) return "not admitted here any more";
  if (!is_signed_by(VerifyKey(owner->sign), from.network, kept.said))
    return "given with a key that was replaced";
  return {};
}

}  // namespace

std::vector<std::string> approvals_of(const PreparedRun& run, const Asked& asked,
                                      const ApprovalSources& from) {
  const auto* const plan = std::get_if<TablePlan>(&run.plan);
  if (plan == nullptr) return {};
  const std::set<std::string> owners = owners_to_ask(run, asked.requester);
  if (owners.empty()) return {};
  const std::vector<KeptApproval> kept = from.statements.approvals_of(plan->fingerprint);
  std::vector<std::string> used, missing;
  for (const std::string& owner : owners) {
    const ApprovalUse use{.plan = *run.steps,
                          .fingerprint = plan->fingerprint,
                          .owner = owner,
                          .requester = asked.requester,
                          .now_ms = asked.now_ms};
    std::string why = "none given", found;
    for (const KeptApproval& each : kept) {
      if (!found.empty() || each.approval.by != owner) continue;
      why = why_not(each, use, from);
      if (why.empty()) found = each.id;
    }
    if (found.empty()) {
      missing.push_back(fmt::format("{} ({})", owner, why));
    } else {
      used.push_back(found);
    }
  }
  if (!missing.empty())
    fail(Code::forbidden, "plan {}: missing approvals: {}", plan->fingerprint,
         fmt::join(missing, ", "));
  return used;
}

}  // namespace polder
