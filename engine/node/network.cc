#include "node/network.h"

#include <boost/json/object.hpp>
#include <set>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "crypto/random.h"
#include "store/json.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::string_view api_scheme = "https://";
constexpr std::size_t max_certificate_bytes = 16 * 1024;

Address parse_api(std::string_view text, std::string_view what) {
  if (!text.starts_with(api_scheme)) {
    fail(Code::bad_input, "{}: the api address must start with https://", what);
  }
  return parse_address(text.substr(api_scheme.size()));
}

NodeCard read_card(Fields& fields, std::string_view what) {
  return {.name = fields.name("name"),
          .api = parse_api(fields.text("api"), what),
          .mesh = parse_address(fields.text("mesh")),
          .certificate = fields.text("certificate", max_certificate_bytes)};
}

json::object card_json(const NodeCard& card) {
  return {{"name", card.name},
          {"api", std::string(api_scheme) + to_text(card.api)},
          {"mesh", to_text(card.mesh)},
          {"certificate", card.certificate}};
}

/// Everything but the id.
json::object contents(const Network& network) {
  json::array nodes;
  for (const NodeCard& card : network.nodes) {
    json::object node = card_json(card);
    node["role"] = nodes.size();
    nodes.push_back(std::move(node));
  }
  return {
      {"format", 1}, {"matching_key", to_hex(network.matching_key)}, {"nodes", std::move(nodes)}};
}

std::string id_of(const Network& network) { return to_hex(hash128(canonical(contents(network)))); }

void check_distinct(const Network& network) {
  std::set<std::string> seen;
  for (const NodeCard& card : network.nodes) {
    const bool fresh = seen.insert("name " + card.name).second &&
                       seen.insert("at " + to_text(card.api)).second &&
                       seen.insert("at " + to_text(card.mesh)).second &&
                       seen.insert("certificate " + card.certificate).second;
    if (!fresh) {
      fail(Code::bad_input,
           "network: node '{}' has a name, address or certificate of another one; three different "
           "nodes are needed",
           card.name);
    }
  }
}

}  // namespace

Network parse_network(std::string_view text) {
  const json::object object = parse_object(text, "network");
  Fields fields(object, "network");
  fields.integer("format", 1, 1);
  Network network{.id = fields.text("network"), .matching_key = Bytes(32), .nodes = {}};
  from_hex(fields.hex("matching_key", 32), network.matching_key);
  const json::array& nodes = fields.list("nodes", 3);
  if (nodes.size() != 3) fail(Code::bad_input, "network: it has three nodes, not {}", nodes.size());
  for (std::size_t role = 0; role < 3; ++role) {
    if (!nodes[role].is_object()) fail(Code::bad_input, "network: a node must be an object");
    Fields node(nodes[role].get_object(), "network node");
    node.integer("role", role, role);
    network.nodes[role] = read_card(node, "network node");
    node.done();
  }
  fields.done();
  check_distinct(network);
  if (network.id != id_of(network)) {
    fail(Code::bad_input,
         "network: its id does not belong to its contents; ask for the file again, it was changed");
  }
  return network;
}

NodeCard parse_node_card(std::string_view text) {
  const json::object object = parse_object(text, "node card");
  Fields fields(object, "node card");
  fields.integer("format", 1, 1);
  NodeCard card = read_card(fields, "node card");
  fields.done();
  return card;
}

Network make_network(const std::array<NodeCard, 3>& nodes) {
  Network network{.id = "", .matching_key = Bytes(32), .nodes = nodes};
  random_bytes(network.matching_key);
  check_distinct(network);
  network.id = id_of(network);
  return network;
}

std::string to_text(const Network& network) {
  json::object object = contents(network);
  object["network"] = network.id;
  return canonical(object) + "\n";
}

std::string to_text(const NodeCard& card) {
  json::object object = card_json(card);
  object["format"] = 1;
  return canonical(object) + "\n";
}

}  // namespace polder
