// The three nodes of a network at once: one line and one thread each.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "client/nodes/node_client.h"

namespace polder {

class ThreeNodes {
 public:
  ThreeNodes(const Network& network, CancellationToken& cancellation,
             const SigningKey* signer = nullptr);

  NodeClient& node(int role) { return *nodes_[static_cast<std::size_t>(role)]; }

  /// `work` for each node on a thread of its own; returns when all three are over. Of several
  /// errors it throws the one nearest to the cause: rather a refusal than a broken connection,
  /// rather that than the word of a node which was told to stop.
  void each(const std::function<void(NodeClient&)>& work);

  /// The same; nodes that cannot be reached are left out and said, with why, by role. Throws what
  /// another error says, and Error peer_lost if none can be reached.
  std::array<std::string, 3> each_reachable(const std::function<void(NodeClient&)>& work);

  /// The same over new lines and not stopped by `cancellation`; a node that does not take it is
  /// passed over. For taking back what was begun.
  void tell_all(const std::function<void(NodeClient&)>& work) const;

 private:
  const Network& network_;
  const SigningKey* signer_;
  std::array<std::optional<NodeClient>, 3> nodes_;
};

}  // namespace polder
