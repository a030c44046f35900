#include "values.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

#include "base/json.h"
#include "client/files/reading_json.h"
#include "crypto/hex.h"

namespace polder {
namespace {

namespace json = boost::json;

/// Milliseconds are as fine as a time here can be told.
double rounded(double seconds) { return std::round(seconds * 1000) / 1000; }

const char* name(Readiness::State state) {
  if (state == Readiness::State::ready) return "ready";
  return state == Readiness::State::waiting ? "waiting" : "down";
}

json::object table_json(const TableEntry& table) {
  json::object object = to_json(table.manifest);
  object["handle"] = table.handle;
  return object;
}

/// What a run was, as the nodes say it.
void add_run(json::object& object, const std::string& run) {
  const json::object said = parse_object(run, "run");
  object["run"] = run_digest(run);
  object["plan"] = said.at("plan");
  object["requester"] = said.at("requester");
}

json::object learned_json(const Learned& learned) {
  json::object object;
  if (!learned.opened) object["matches"] = nullptr;
  if (learned.matches) object["matches"] = *learned.matches;
  if (learned.sum) object["sum"] = *learned.sum;
  if (learned.mean) object["mean"] = std::isnan(*learned.mean) ? json::value() : *learned.mean;
  if (learned.identifiers) object["identifiers"] = *learned.identifiers;
  if (!learned.file.empty()) object["file"] = learned.file.string();
  if (!learned.opened) object["opened"] = false;
  if (!learned.run.empty()) add_run(object, learned.run);
  return object;
}

json::array replies_json(const std::vector<LookupReply>& replies) {
  json::array list;
  for (const LookupReply& reply : replies) {
    json::object object{{"identifier", reply.identifier}, {"found", reply.found}};
    if (reply.report) object["report"] = *reply.report;
    list.push_back(std::move(object));
  }
  return list;
}

/// What a session on the three nodes took: of a match or of a look-up.
template <typename Outcome>
void add_figures(json::object& object, const Outcome& outcome) {
  const auto& sent = outcome.figures.bytes_sent;
  object["seconds"] = {{"upload", rounded(outcome.upload_seconds)},
                       {"compute", rounded(outcome.compute_seconds)}};
  object["bytes_sent_per_node"] = json::array(sent.begin(), sent.end());
  object["rounds"] = outcome.figures.rounds;
  object["peak_mb"] = outcome.figures.peak_mb;
}

}  // namespace

std::string to_text(const Network& network, std::span<const Readiness> states) {
  json::array nodes;
  for (std::size_t role = 0; role < network.nodes.size(); ++role) {
    const NodeCard& card = network.nodes[role];
    json::object node{{"role", role},
                      {"name", card.name},
                      {"api", "https://" + to_text(card.api)},
                      {"mesh", to_text(card.mesh)}};
    if (role < states.size()) node["state"] = name(states[role].state);
    if (role < states.size() && !states[role].why.empty()) node["why"] = states[role].why;
    nodes.push_back(std::move(node));
  }
  return json::serialize(json::object{{"network", network.id}, {"nodes", std::move(nodes)}});
}

std::string to_text(const TablesEverywhere& found) {
  json::array list;
  for (const TablePlaces& each : found.tables) {
    json::object table = table_json(each.table);
    table["nodes"] = json::array();
    for (std::size_t role = 0; role < 3; ++role) {
      if (each.at[role]) table["nodes"].as_array().emplace_back(role);
    }
    list.push_back(std::move(table));
  }
  json::array away;
  for (std::size_t role = 0; role < 3; ++role) {
    if (!found.away[role].empty()) away.emplace_back(role);
  }
  return json::serialize(json::object{{"tables", std::move(list)}, {"away", std::move(away)}});
}

std::string to_text(const std::vector<RunEntry>& runs) {
  json::array list;
  for (const RunEntry& entry : runs) {
    json::object object{{"session", entry.session},
                        {"began", entry.began_ms},
                        {"state", entry.state},
                        {"nodes", json::array(entry.nodes.begin(), entry.nodes.end())}};
    if (!entry.why.empty()) object["why"] = entry.why;
    add_run(object, entry.run);
    list.push_back(std::move(object));
  }
  return json::serialize(list);
}

std::string to_text(const std::vector<MatchInput>& inputs) {
  json::array list;
  for (const MatchInput& input : inputs) {
    if (!input.file) continue;
    json::object object = reading_json(*input.file);
    object["name"] = input.name;
    list.push_back(std::move(object));
  }
  return json::serialize(list);
}

std::string to_text(const MatchOutcome& outcome, const MatchOptions& options) {
  json::object recipients;
  for (const auto& [name, learned] : outcome.recipients) recipients[name] = learned_json(learned);
  json::object object{{"session", outcome.session},
                      {"run", outcome.run},
                      {"parties", options.inputs.size()},
                      {"threshold", options.threshold},
                      {"at_least", outcome.at_least},
                      {"recipients", std::move(recipients)},
                      {"warnings", json::array(outcome.warnings.begin(), outcome.warnings.end())}};
  add_figures(object, outcome);
  return json::serialize(object);
}

std::string to_text(const BankMatchOutcome& outcome, const Asking& asking) {
  const BankOutcome& figures = outcome.figures;
  const auto& sent = figures.bytes_sent;
  return json::serialize(
      json::object{{"session", outcome.session},
                   {"protocol", asking.protocol},
                   {"parties", sent.size()},
                   {"threshold", asking.threshold},
                   {"recipients", {{outcome.bank, learned_json(outcome.learned)}}},
                   {"seconds", {{"upload", 0.0}, {"compute", rounded(figures.seconds)}}},
                   {"bytes_sent_per_node", json::array(sent.begin(), sent.end())},
                   {"rounds", figures.answer.rounds},
                   {"peak_mb", figures.peak_mb}});
}

std::string to_text(const LookupOutcome& outcome) {
  json::object object{{"session", outcome.session},
                      {"run", outcome.run},
                      {"replies", replies_json(outcome.replies)}};
  add_figures(object, outcome);
  return json::serialize(object);
}

std::string to_text(const BankLookupOutcome& outcome) {
  return json::serialize(json::object{{"replies", replies_json(outcome.replies)},
                                      {"fingerprint", outcome.fingerprint},
                                      {"entries", outcome.entries},
                                      {"list_bytes", outcome.list_bytes},
                                      {"seconds", {{"total", rounded(outcome.seconds)}}}});
}

std::string to_text(const PartyFile& file, const std::string& name) {
  json::object object = reading_json(file);
  object["name"] = name;
  return json::serialize(object);
}

std::string to_text(const Learned& learned) { return json::serialize(learned_json(learned)); }

std::string to_text(const Member& keys) {
  return json::serialize(json::object{{"name", keys.name},
                                      {"sign", to_hex(keys.sign)},
                                      {"seal", to_hex(keys.seal)},
                                      {"fingerprint", fingerprint(keys)}});
}

std::string to_text(const Told& told) {
  return json::serialize(
      json::object{{"away", json::array(told.away.begin(), told.away.end())},
                   {"alike", json::array(told.alike.begin(), told.alike.end())}});
}

std::string to_text(const std::vector<MemberPlaces>& members) {
  json::array list;
  for (const MemberPlaces& member : members) {
    list.push_back({{"name", member.name},
                    {"fingerprint", member.fingerprint},
                    {"states", json::array(member.at.begin(), member.at.end())}});
  }
  return json::serialize(list);
}

std::string to_text(const TableEntry& table, const PartyFile& file) {
  json::object object = table_json(table);
  for (const auto& [name, value] : reading_json(file)) object[name] = value;
  return json::serialize(object);
}

}  // namespace polder
