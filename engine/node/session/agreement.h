// What the three nodes make sure of before they compute: that they mean the same run on the same
// tables, and that all have memory for it. A table's handle binds its shares: each node compares
// what it was sent with the manifest, when it is uploaded and when it is loaded.
#pragma once

#include <string>
#include <vector>

#include "net/mesh.h"
#include "node/session/admission.h"

namespace polder {

/// Everything that has to be equal at the three nodes.
struct Terms {
  std::string session;
  std::string plan;                  // canonical
  std::string requester;             // the member who asked for it
  std::vector<std::string> handles;  // in the plan's order
  std::string protocol;
};

/// 1 round.  Throws Error forbidden at each node, naming what differs and from which node.
void agree(Mesh& mesh, const Terms& terms);

/// On how many lanes a session computes, and 16 bytes that the three nodes drew for their
/// connections.
inline constexpr std::uint8_t max_lanes = 64;
struct LaneTerms {
  std::uint8_t count;
  SessionId base;
};

/// The least of the three nodes' lanes, so that each has the threads; `own` is at most max_lanes.
/// 1 round.  Throws Error cheating, naming the node, for a number that no node can have.
LaneTerms agree_on_lanes(Mesh& mesh, std::uint8_t own);

/// Waits for memory at node 0, then 1, then 2: in this order at every session, so that two sessions
/// never hold what the other waits for. Meanwhile the connections are watched.  Throws as the mesh
/// does.
void admit(Mesh& mesh, Admission::Ticket& ticket);

/// Returns when all three nodes have come here: each run ended well.  1 round.
void finish_together(Mesh& mesh);

}  // namespace polder
