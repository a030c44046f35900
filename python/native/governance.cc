#include "governance.h"

#include <nanobind/stl/string.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/error.h"
#include "base/json_fields.h"
#include "client/audit.h"
#include "client/nodes/network_file.h"
#include "client/plan_run.h"
#include "client/statements.h"
#include "crypto/hex.h"
#include "job.h"
#include "opened.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace nb = nanobind;

namespace polder {
namespace {

Json::List away_list(const std::array<std::string, 3>& away) {
  Json::List list;
  for (const std::string& why : away) {
    if (!why.empty()) list.emplace_back(why);
  }
  return list;
}

/// {"fingerprint", "tables": {owner: [names]}, "openings"} of a plan's text.
std::string facts(const std::string& text) {
  const Graph plan = parse_plan(text, all_operators());
  Json::Object tables;
  for (const std::string& owner : owners_of(plan)) {
    const std::vector<std::string> names = tables_of(plan, owner);
    tables.emplace(owner, Json::List(names.begin(), names.end()));
  }
  return json_text(Json::Object{{"fingerprint", to_hex(fingerprint(plan))},
                                {"tables", std::move(tables)},
                                {"openings", to_json(disclosures_of(plan))}});
}

/// Puts a plan at the nodes that can be reached; the fingerprint and who is away.
std::string put(const std::string& network, const std::string& text, const std::string& key) {
  const Network nodes_of = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  const Graph plan = parse_plan(text, all_operators());
  require_sound(plan);
  const std::string print = to_hex(fingerprint(plan));
  std::array<std::string, 3> away;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    ThreeNodes nodes(nodes_of, cancellation, &keys.sign);
    away = nodes.each_reachable([&](NodeClient& node) {
      node.put("/v1/plans/" + print,
               {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    });
  });
  return json_text(Json::Object{{"fingerprint", print}, {"away", away_list(away)}});
}

std::string say_it(const std::string& network, const std::string& statement,
                   const std::string& key) {
  const Network nodes = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  const Statement said = parse_statement(parse_json(statement, "statement"));
  SaidStatement outcome;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    outcome = say(nodes, said, keys, cancellation);
  });
  return json_text(Json::Object{{"id", outcome.id}, {"away", away_list(outcome.away)}});
}

/// What the nodes have of a plan, by role, an empty object where one is away.
std::string state(const std::string& network, const std::string& print, const std::string& key) {
  const Network nodes_of = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  PlanStatements found;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    ThreeNodes nodes(nodes_of, cancellation, &keys.sign);
    found = statements_of(nodes, print);
  });
  return boost::json::serialize(boost::json::array(found.at.begin(), found.at.end()));
}

/// The text of a plan from the first node that has it, its fingerprint computed here.
std::string text_at(const std::string& network, const std::string& print, const std::string& key) {
  const Network nodes_of = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  std::string text;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    ThreeNodes nodes(nodes_of, cancellation, &keys.sign);
    for (int role = 0; text.empty(); ++role) {
      try {
        text = plan_text(plan_at(nodes.node(role), print));
      } catch (const Error& error) {
        const bool may_be_elsewhere =
            error.code() == Code::not_found || error.code() == Code::peer_lost;
        if (role == 2 || !may_be_elsewhere) throw;
      }
    }
  });
  return text;
}

/// (fingerprint, requester, parameters as JSON, results)
nb::tuple result(const std::string& network, const std::string& session, const std::string& key) {
  const Network nodes = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  PlanResult opened;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    opened = open_plan_result(nodes, session, keys, cancellation);
  });
  return nb::make_tuple(opened.plan.fingerprint, opened.requester, as_python(opened.results));
}

AuditHeads parse_heads(const std::string& text) {
  AuditHeads heads;
  const Json value = parse_json(text, "heads");
  JsonFields fields(value, "heads");
  for (int role = 0; role < 3; ++role) {
    const Json* const one = fields.find(std::to_string(role));
    if (one == nullptr) continue;
    JsonFields head(*one, "heads");
    heads[static_cast<std::size_t>(role)] = {.size = head.integer("size", 0, Json::max_integer),
                                             .link = from_hex<32>(head.text("link"))};
  }
  return heads;
}

/// {"problems", "runs", "nodes": [{"size", "link", "away", "entries": [texts]}]}
std::string audit_nodes(const std::string& network, const std::string& key,
                        const std::string& kept) {
  const Network nodes = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  const AuditHeads heads = parse_heads(kept);
  AuditReport report;
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    report = audit(nodes, keys.sign, heads, cancellation);
  });
  Json::List list;
  for (const NodeAudit& node : report.nodes) {
    Json::List entries;
    for (const AuditEntry& entry : node.entries) entries.emplace_back(audit_text(entry));
    list.push_back(Json::Object{{"size", node.head.size},
                                {"link", to_hex(node.head.link)},
                                {"away", node.away},
                                {"entries", std::move(entries)}});
  }
  return json_text(
      Json::Object{{"problems", Json::List(report.problems.begin(), report.problems.end())},
                   {"runs", static_cast<std::int64_t>(report.runs)},
                   {"nodes", std::move(list)}});
}

std::string submissions(const std::string& network, const std::string& key) {
  const Network nodes_of = read_network(network);
  const OrganisationKeys keys = read_keys(key);
  boost::json::array pages(3);
  run_job(nb::none(), [&](CancellationToken& cancellation, const OnProgress&) {
    ThreeNodes nodes(nodes_of, cancellation, &keys.sign);
    nodes.each_reachable([&](NodeClient& node) {
      pages[static_cast<std::size_t>(node.role())] = node.get("/v1/plans?most=200");
    });
  });
  return boost::json::serialize(pages);
}

}  // namespace

void add_governance(nb::module_& m) {
  m.def("plan_facts", facts, nb::arg("text"));
  m.def("put_plan", put, nb::arg("network"), nb::arg("text"), nb::arg("key"));
  m.def("say", say_it, nb::arg("network"), nb::arg("statement"), nb::arg("key"));
  m.def("plan_state", state, nb::arg("network"), nb::arg("fingerprint"), nb::arg("key"));
  m.def("plan_text_at", text_at, nb::arg("network"), nb::arg("fingerprint"), nb::arg("key"));
  m.def("submissions", submissions, nb::arg("network"), nb::arg("key"));
  m.def("plan_result", result, nb::arg("network"), nb::arg("session"), nb::arg("key"));
  m.def("audit", audit_nodes, nb::arg("network"), nb::arg("key"), nb::arg("kept"));
}

}  // namespace polder
