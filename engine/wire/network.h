// The description of a network that all its nodes and clients share (network.json): who the three
// nodes are, where they listen and which certificate is theirs. The key under which owners hash
// identifiers is bound to it, and is for organisations alone: a node has no use for it, and with it
// could try identifiers out.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "net/socket.h"

namespace boost::json {
class object;
}

namespace polder {

/// What a node hands to the others (NAME.node.json).
struct NodeCard {
  std::string name;
  Address api;
  Address mesh;
  std::string certificate;  // PEM
};

struct Network {
  std::string id;                 // 32 hex digits: BLAKE2b-128 of what network.json says
  std::string key_hash;           // hex BLAKE2b-256 of the matching key
  std::array<NodeCard, 3> nodes;  // by role
  Bytes matching_key = {};        // 32 bytes; empty at nodes, and where it was not read
};

/// Throws Error bad_input: unknown or missing fields, roles other than 0, 1, 2 in order, an id that
/// is not that of the contents, two nodes of one name, address or certificate.
Network parse_network(std::string_view text);
NodeCard parse_node_card(std::string_view text);

/// Takes the matching key from its file's text. Throws Error bad_input if it is another network's.
void add_matching_key(Network& network, std::string_view text);

/// A new network of these three, with a fresh matching key.
Network make_network(const std::array<NodeCard, 3>& nodes);

/// Without the matching key, which has a file of its own.
std::string to_text(const Network& network);
std::string matching_key_text(const Network& network);
std::string to_text(const NodeCard& card);

}  // namespace polder
