#include "client/statements.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "base/json.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t max_statements = 100'000;
constexpr std::string_view lists[] = {"submissions", "approvals", "revocations"};

std::string target_of(std::string_view fingerprint) {
  return fmt::format("/v1/plans/{}/approvals", fingerprint);
}

json::object boxed(const json::object& shown) {
  return {{"statement", shown.at("statement")}, {"signature", shown.at("signature")}};
}

/// All that is in an answer, by id, in the order in which a node takes it.
std::vector<std::pair<std::string, json::object>> statements_in(const json::object& answer,
                                                                std::string_view who) {
  std::vector<std::pair<std::string, json::object>> all;
  Fields fields(answer, who);
  for (const std::string_view list : lists) {
    for (const json::value& item : fields.list(list, max_statements)) {
      Fields shown(item.as_object(), who);
      shown.object("statement");
      shown.text("signature");
      all.emplace_back(shown.hex("id", 32), boxed(item.as_object()));
    }
  }
  return all;
}

/// Tells a node what it does not have; false if it has everything.
bool bring(NodeClient& node, const json::object& has, const PlanStatements& everywhere) {
  std::set<std::string> known;
  for (const auto& [id, statement] : statements_in(has, node.who())) known.insert(id);
  bool brought = false;
  for (const json::object& answer : everywhere.at) {
    if (answer.empty()) continue;
    for (const auto& [id, statement] : statements_in(answer, "a node")) {
      if (!known.insert(id).second) continue;
      try {
        node.post("/v1/statements", statement);
        brought = true;
      } catch (const Error& error) {
        // It does not take it: expired, of somebody whom it does not know, or of a plan that it
        // does not have. It says so when the plan is run.
        const bool is_refusal = error.code() == Code::bad_input ||
                                error.code() == Code::forbidden || error.code() == Code::not_found;
        if (!is_refusal) throw;
      }
    }
  }
  return brought;
}

}  // namespace

SaidStatement say(const Network& network, const Statement& statement, const OrganisationKeys& keys,
                  CancellationToken& cancellation) {
  const SignedStatement said = sign(network.id, statement, keys.sign);
  const json::object body = json::parse(to_text(said)).as_object();
  ThreeNodes nodes(network, cancellation, &keys.sign);
  SaidStatement outcome{.id = statement_id(network.id, to_json(statement)), .away = {}};
  outcome.away = nodes.each_reachable([&](NodeClient& node) { node.post("/v1/statements", body); });
  return outcome;
}

PlanStatements statements_of(ThreeNodes& nodes, std::string_view fingerprint) {
  const std::string target = target_of(fingerprint);
  PlanStatements found;
  found.away = nodes.each_reachable([&](NodeClient& node) {
    found.at[static_cast<std::size_t>(node.role())] = node.get(target);
  });
  const PlanStatements before = found;
  nodes.each([&](NodeClient& node) {
    const auto role = static_cast<std::size_t>(node.role());
    if (before.away[role].empty() && bring(node, before.at[role], before))
      found.at[role] = node.get(target);
  });
  return found;
}

}  // namespace polder
