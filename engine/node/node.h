// One node: its folder, its store, its sessions and its API, started in this order and stopped in
// the opposite one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "wire/network.h"

namespace polder {

class Node {
 public:
  /// Starts; returns when the API answers. Throws Error naming the file or address that is wrong:
  /// a folder that is not this network's, a certificate that expired, a port in use.
  Node(const std::filesystem::path& folder, Network network);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  /// Takes no more requests, aborts all sessions, tells the other nodes, and returns in under 2 s.
  ~Node();

  std::uint16_t api_port() const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace polder
