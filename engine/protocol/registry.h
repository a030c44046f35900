// The protocols there are, by name: how values are split at the source, how a node gets its
// components back, how a recipient puts a result together, and how a node's side of a run is made.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "crypto/stream.h"
#include "net/mesh.h"
#include "protocol/protocol.h"

namespace polder {

inline constexpr int node_count = 3;

/// Splitting in three: components 0 and 1 are expanded from seeds, component 2 is the only data.
/// Node 0 holds components (0, 1), node 1 (1, 2), node 2 (2, 0).
struct Seeds {
  Key first;   // of component 0
  Key second;  // of component 1
};

/// Component 2 of n rows of `width` bits in the layout of Bits.  `column` names the purpose: one
/// name, one use of the seeds.
Words split_bits(const PlainBits& values, const Seeds& seeds, std::string_view column);
Words split_arith(std::span<const std::uint64_t> values, const Seeds& seeds,
                  std::string_view column);

/// A node's components from what it was sent. `first`, `second`, `data`: as far as this node holds
/// them, else null.
struct Sent {
  const Key* first = nullptr;
  const Key* second = nullptr;
  std::span<const std::uint64_t> data;
};
Bits node_bits(int role, BitShape shape, const Sent& sent, std::string_view column);
Arith node_arith(int role, std::size_t n, const Sent& sent, std::string_view column);

/// A recipient's answer from the three nodes' shares.
/// Throws Error cheating, naming the nodes, if components that two nodes hold differ.
PlainBits reconstruct(std::span<const Bits, node_count> shares);
Words reconstruct(std::span<const Arith, node_count> shares);

/// This node's side of the protocol `name` ("rep3") over one mesh a lane: each lane is a thread
/// that does its share of every long column. All nodes have the same number of lanes. Exchanges
/// keys and measures the lines: 6 rounds, up to 26 (schedule.h).
std::unique_ptr<Protocol> make_protocol(std::string_view name, std::span<Mesh* const> lanes,
                                        Outbox& outbox);
inline std::unique_ptr<Protocol> make_protocol(std::string_view name, Mesh& mesh, Outbox& outbox) {
  Mesh* const lane = &mesh;
  return make_protocol(name, {&lane, 1}, outbox);
}

}  // namespace polder
