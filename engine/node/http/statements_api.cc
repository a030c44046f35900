#include <set>

#include "base/error.h"
#include "base/wall_clock.h"
#include "crypto/hex.h"
#include "governance/approval_use.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"
#include "node/session/sessions.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace polder {
namespace {

constexpr std::uint64_t max_listed = 200;

Graph plan_at(Services& node, const std::string& fingerprint) {
  const auto text = node.plans.find(fingerprint);
  if (!text)
    fail(Code::not_found, "statement: this node has no plan {}; put it there first", fingerprint);
  return parse_plan(*text, all_operators());
}

void check_end(const RunTerms& terms) {
  if (terms.until_ms <= now_ms())
    fail(Code::bad_input, "statement: its time is over; look at 'until' and at this node's clock");
}

std::set<std::string> concerned_by(const Graph& plan, const RunTerms& terms,
                                   const std::string& by) {
  std::set<std::string> all{by};
  all.insert(terms.requesters.begin(), terms.requesters.end());
  for (const std::string& owner : owners_of(plan)) all.insert(owner);
  for (const Disclosure& opening : disclosures_of(plan))
    all.insert(opening.to.begin(), opening.to.end());
  return all;
}

/// Each checks what can be checked now, and says whom it concerns.
std::set<std::string> checked(Services& node, const Submission& said) {
  check_end(said.terms);
  return concerned_by(plan_at(node, said.plan), said.terms, said.by);
}

std::set<std::string> checked(Services& node, const Approval& said) {
  check_end(said.terms);
  const Graph plan = plan_at(node, said.plan);
  require_fits(said, plan);
  return concerned_by(plan, said.terms, said.by);
}

/// Of an approval that is not here, too: it may come later, and is revoked then.
std::set<std::string> checked(Services& node, const Revocation& said) {
  const std::string approver = node.statements.approver_of(said.approval);
  if (!approver.empty() && approver != said.by)
    fail(Code::forbidden, "statement: the approval is another member's than '{}'", said.by);
  return {said.by};
}

Json::Object shown(const std::string& id, const SignedStatement& said) {
  return {
      {"id", id}, {"statement", to_json(said.statement)}, {"signature", to_hex(said.signature)}};
}

Json::List listed(const std::vector<KeptStatement>& kept) {
  Json::List list;
  for (const KeptStatement& each : kept) {
    Json::Object object = shown(each.id, each.said);
    object.emplace("received", each.received_ms);
    list.push_back(std::move(object));
  }
  return list;
}

HttpResponse answer(const Json::Object& object) {
  return {.status = 200, .type = "application/json", .body = json_text(object)};
}

}  // namespace

HttpResponse take_statement(Services& node, const Call& call) {
  const SignedStatement said = parse_signed(call.request.text());
  const std::string& name = by(said.statement);
  const auto member = node.members.named(name);
  if (!member || !is_signed_by(VerifyKey(member->sign), node.network.id, said))
    fail(Code::forbidden, "statement: it is not signed by '{}' for network {}", name,
         node.network.id);
  const std::set<std::string> concerned =
      std::visit([&](const auto& of_kind) { return checked(node, of_kind); }, said.statement);
  const std::string id = statement_id(node.network.id, to_json(said.statement));
  node.statements.put(id, said, concerned, now_ms());
  if (const auto* const end = std::get_if<Revocation>(&said.statement))
    node.sessions.end_those_approved_by(end->approval);
  return answer({{"id", id}});
}

HttpResponse list_submissions(Services& node, const Call& call) {
  const auto most = static_cast<int>(query_number(call.request.query, "most", max_listed, 50));
  const std::uint64_t before = query_number(call.request.query, "before", INT64_MAX, INT64_MAX);
  const auto kept =
      node.statements.submissions_for(call.member->name, static_cast<std::int64_t>(before), most);
  Json::Object page{{"submissions", listed(kept)}};
  if (!kept.empty() && std::cmp_equal(kept.size(), most)) page["before"] = kept.back().number;
  return answer(page);
}

HttpResponse read_approvals(Services& node, const Call& call) {
  Json::List approvals;
  for (const KeptApproval& each : node.statements.approvals_of(call.parameters[0])) {
    Json::Object object = shown(each.id, each.said);
    object.emplace("revoked", each.revoked);
    object.emplace("runs", each.runs);
    approvals.push_back(std::move(object));
  }
  return answer({{"plan", call.parameters[0]},
                 {"submissions", listed(node.statements.submissions_of(call.parameters[0]))},
                 {"approvals", std::move(approvals)},
                 {"revocations", listed(node.statements.revocations_of(call.parameters[0]))}});
}

}  // namespace polder
