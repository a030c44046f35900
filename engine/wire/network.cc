#include "wire/network.h"

#include <boost/json/object.hpp>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/hex.h"
#include "crypto/random.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::uint64_t format = 2;
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
  return {{"format", format}, {"matching_key_hash", network.key_hash}, {"nodes", std::move(nodes)}};
}

/// Of 256 random bits: tells nothing of them.
std::string hash_of_key(std::span<const std::uint8_t> key) {
  return to_hex(Hasher<32>().add("polder matching key v1\n").add(key).finish());
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
  if (fields.integer("format", 1, format) != format) {
    fail(Code::bad_input,
         "network: the file is of an older version of Polder; make the network again (polder "
         "network create; on this machine alone: polder down --delete, then polder up)");
  }
  Network network{
      .id = fields.text("network"), .key_hash = fields.hex("matching_key_hash", 32), .nodes = {}};
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

void add_matching_key(Network& network, std::string_view text) {
  const json::object object = parse_object(text, "matching key");
  Fields fields(object, "matching key");
  fields.integer("format", 1, 1);
  const std::string id = fields.hex("network", 16);
  Bytes key(32);
  from_hex(fields.hex("matching_key", 32), key);
  fields.done();
  if (id != network.id || hash_of_key(key) != network.key_hash) {
    fail(
        Code::bad_input,
        "matching key: it is not that of network {}; ask for the file again, it belongs to another "
        "network or was changed",
        network.id);
  }
  network.matching_key = std::move(key);
}

Network make_network(const std::array<NodeCard, 3>& nodes) {
  Network network{.id = "", .key_hash = "", .nodes = nodes, .matching_key = Bytes(32)};
  random_bytes(network.matching_key);
  network.key_hash = hash_of_key(network.matching_key);
  check_distinct(network);
  network.id = id_of(network);
  return network;
}

std::string to_text(const Network& network) {
  json::object object = contents(network);
  object["network"] = network.id;
  return canonical(object) + "\n";
}

std::string matching_key_text(const Network& network) {
  return canonical(json::object{{"format", 1},
                                {"network", network.id},
                                {"matching_key", to_hex(network.matching_key)}}) +
         "\n";
}

std::string to_text(const NodeCard& card) {
  json::object object = card_json(card);
  object["format"] = 1;
  return canonical(object) + "\n";
}

}  // namespace polder
