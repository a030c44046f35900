// The description of a network that all its nodes and clients share (network.json): who the three
// nodes are, where they listen and which certificate is theirs.
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
  std::string id;                 // 32 hex digits: BLAKE2b-128 of all the rest
  Bytes matching_key;             // 32 bytes, under which owners hash identifiers
  std::array<NodeCard, 3> nodes;  // by role
};

/// Throws Error bad_input: unknown or missing fields, roles other than 0, 1, 2 in order, an id that
/// is not that of the contents, two nodes of one name, address or certificate.
Network parse_network(std::string_view text);
NodeCard parse_node_card(std::string_view text);

/// A new network of these three, with a fresh matching key.
Network make_network(const std::array<NodeCard, 3>& nodes);

std::string to_text(const Network& network);
std::string to_text(const NodeCard& card);

}  // namespace polder
