// How a value becomes three components at its source, comes back together at its recipient, and
// what of it a node holds.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "protocol/registry.h"

namespace polder::rep3 {

enum class Kind { bits, sum };  // exclusive or, or addition mod 2^64

/// value minus the components 0 and 1 that the seeds give.
Words third_component(std::span<const std::uint64_t> value, const Seeds& seeds,
                      std::string_view column, Kind kind);

/// The two components of node `role`, of `words` words each.
std::vector<Words> node_components(int role, std::size_t words, const Sent& sent,
                                   std::string_view column);

struct NodeShares {
  std::span<const std::uint64_t> first, second;
};
/// The value, after checking that the two holders of every component agree.  Throws Error cheating.
Words put_together(const std::array<NodeShares, node_count>& nodes, Kind kind);

}  // namespace polder::rep3
