// Statements about plans (governance/statement.h) as a member says and reads them.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "client/keys.h"
#include "client/nodes/three_nodes.h"
#include "governance/statement.h"

namespace polder {

struct SaidStatement {
  std::string id;
  std::array<std::string, 3> away;  // why a node could not be told; empty if it was
};

/// Signs it and tells the three nodes, or those that can be reached.
/// Throws Error bad_input, forbidden, not_found (a plan that a node does not have).
SaidStatement say(const Network& network, const Statement& statement, const OrganisationKeys& keys,
                  CancellationToken& cancellation);

/// What each node has of a plan: the answers to GET /v1/plans/{fingerprint}/approvals, by role, and
/// why a node could not be asked. Before that each is brought what the others have and it lacks:
/// statements count by their signatures, not by who brings them.
struct PlanStatements {
  std::array<boost::json::object, 3> at;
  std::array<std::string, 3> away;
};
PlanStatements statements_of(ThreeNodes& nodes, std::string_view fingerprint);

}  // namespace polder
