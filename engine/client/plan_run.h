// A plan of operators run at the three nodes: its tables found by name and owner, its text put
// there, the run watched, and what keys at hand can open of its results.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/keys.h"
#include "client/nodes/session.h"
#include "plan/graph.h"
#include "table/execution.h"
#include "table/result.h"

namespace polder {

struct PlanRun {
  const Graph& plan;
  const Parameters& parameters;
  const OrganisationKeys& requester;
  const std::vector<OrganisationKeys>& recipients;  // whose results are opened here
  std::chrono::milliseconds deadline = std::chrono::hours(24);
};

struct PlanOutcome {
  std::string session;
  SessionOutcome figures;
  /// By recipient: what the plan opens to it, in the order of labels.
  std::map<std::string, std::vector<Result>> learned;
};

/// The plan of a fingerprint, as a node has it: another text has another fingerprint, and is
/// refused. Throws Error not_found, cheating.
Graph plan_at(NodeClient& node, const std::string& fingerprint);

/// What a run that somebody asked for opened to `recipient`, and what it was.
struct PlanResult {
  TablePlan plan;
  std::string requester;
  std::vector<Result> results;  // in the order of labels
};
/// Throws Error not_found, bad_input (of no plan), and as `open` of nodes/result.h.
PlanResult open_plan_result(const Network& network, const std::string& session,
                            const OrganisationKeys& recipient, CancellationToken& cancellation);

/// Throws Error bad_schema if the plan is not sound, not_found (a table), and as run_session.
PlanOutcome run_plan(const Network& network, const PlanRun& run, CancellationToken& cancellation,
                     const OnProgress& progress);

}  // namespace polder
