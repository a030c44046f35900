// A node's folder: its keys, its settings and what it stores.
//   node.key   Ed25519 key (PKCS8 PEM, mode 600)     node.crt   its certificate, self-signed
//   store.key  32 random bytes (mode 600)            node.json  settings
//   NAME.node.json  the public part, for the others  catalogue.db, columns/  what it stores
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "wire/network.h"

namespace polder {

struct NodeSettings {
  std::string name;
  Address api;  // as others reach it, and listened on unless …
  Address mesh;
  Address listen_api;  // … these say otherwise (port forwarding, containers)
  Address listen_mesh;
  std::optional<Address> listen_metrics;  // where Prometheus asks, without a signature
  bool trust_operators = true;  // members whom the other two operators admit are admitted here
  std::uint64_t memory_bytes;   // for all sessions together
  std::uint64_t store_bytes;    // for all column files together
  std::uint64_t member_bytes;   // of one member's column files
  std::uint64_t member_tables;  // of one member, uploads included
  int member_sessions;          // of one member at once
  std::uint8_t lanes;           // threads of a session that compute; it has the least of its nodes'
};

/// Throws Error bad_input naming the field.
NodeSettings parse_settings(std::string_view text);
std::string to_text(const NodeSettings& settings);

struct NewNode {
  std::filesystem::path folder;
  std::string name;
  Address api = {};
  Address mesh = {};
  int days = 365;  // that the certificate is valid
};

/// Makes the folder and everything in it that a new node has; returns the public part.
/// Throws Error bad_input if the folder holds a node already, forbidden if it cannot be written.
NodeCard make_node(const NewNode& node);

}  // namespace polder
