// Three TCP connections in a ring and nothing on them but system calls: what a round costs before
// ours.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "net/socket.h"

namespace polder::bench {

class BareRing {
 public:
  /// Over loopback, before the processes part.  Throws Error busy, peer_lost.
  BareRing();

  /// Sends `out` to the previous node and waits for as many bytes from the next.  Throws Error
  /// peer_lost.
  void pass(int role, std::span<const std::uint8_t> out, std::span<std::uint8_t> in) const;

 private:
  std::array<Socket, 3> to_prev_, to_next_;  // of each node
};

}  // namespace polder::bench
