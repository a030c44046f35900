#include "governance/approval_use.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace polder {

void require_fits(const Approval& approval, const Graph& plan) {
  const std::vector<std::string> tables = tables_of(plan, approval.by);
  if (tables.empty())
    fail(Code::bad_input, "approval: the plan reads no table of '{}'", approval.by);
  if (approval.tables != tables)
    fail(Code::bad_input, "approval: the plan reads other tables of '{}' than are approved: {}",
         approval.by, fmt::join(tables, ", "));
  if (approval.openings != disclosures_of(plan))
    fail(Code::bad_input, "approval: the plan opens something else than is approved");
}

std::string objection(const Approval& approval, const ApprovalUse& use) {
  const RunTerms& terms = approval.terms;
  if (approval.by != use.owner) return "of another owner";
  if (approval.plan != use.fingerprint) return "of another plan";
  if (approval.tables != tables_of(use.plan, use.owner)) return "of other tables";
  if (approval.openings != disclosures_of(use.plan)) return "of other openings";
  if (use.now_ms < terms.from_ms) return "not yet valid";
  if (use.now_ms >= terms.until_ms) return "expired";
  if (!std::ranges::binary_search(terms.requesters, use.requester))
    return fmt::format("not for runs that '{}' asks for", use.requester);
  return {};
}

}  // namespace polder
