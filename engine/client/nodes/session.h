// A run at the three nodes as its requester sees it: started at each, watched, stopped at each.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "client/nodes/three_nodes.h"
#include "client/progress.h"
#include "wire/plan.h"

namespace polder {

struct SessionOutcome {
  double seconds = 0;                       // from the start to the last node's end
  std::array<std::uint64_t, 3> bytes_sent;  // by role
  std::uint64_t rounds = 0;
  std::uint64_t peak_mb = 0;  // of the node that needed most
};

/// 32 random hex digits.
std::string new_session_id();

/// Runs the plan and waits for its end. Throws the error of a node that failed, preferring one that
/// knows the cause over those that were told, or cancelled if the nodes' patience is; before that
/// it stops the run at all three.
SessionOutcome run_session(ThreeNodes& nodes, const std::string& id, const Plan& plan,
                           std::chrono::milliseconds deadline, const OnProgress& progress);

}  // namespace polder
