#include "client/plan_run.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "client/nodes/result.h"
#include "client/nodes/tables.h"
#include "crypto/hex.h"
#include "plan/text.h"

namespace polder {
namespace {

/// The run's tables are the latest of their names.
TablePlan bound_plan(NodeClient& node, const PlanRun& run) {
  TablePlan bound{.fingerprint = to_hex(fingerprint(run.plan)),
                  .tables = {},
                  .parties = {},
                  .to = {},
                  .parameters = run.parameters};
  std::set<std::string> to;
  for (const Step& step : run.plan.steps()) {
    if (step.op->reads) {
      const TableRead read = step.op->reads(step.fields);
      if (read.owner.empty())
        fail(Code::bad_schema, "table '{}' is in this process alone; say whose table at the nodes",
             read.table);
      bound.tables.push_back(find_table(node, fmt::format("{}@{}", read.table, read.owner)).handle);
      bound.parties.push_back(read.owner);
    }
    if (step.op->opens) {
      const OpensTo opens = step.op->opens(step.fields);
      to.insert(opens.to.begin(), opens.to.end());
    }
  }
  bound.to = {to.begin(), to.end()};
  return bound;
}

std::vector<Result> results_of(const Graph& plan, const std::string& recipient,
                               const Opened& opened) {
  std::vector<Result> results;
  for (const StepId root : plan.roots()) {
    const Step& step = plan.at(root);
    if (!step.op->opens || std::ranges::count(step.op->opens(step.fields).to, recipient) == 0)
      continue;
    results.push_back(result_of(plan, root, [&](const std::string& label) -> Part {
      const auto found = opened.find(label);
      if (found != opened.end()) return found->second;
      fail(Code::cheating, "the nodes opened no '{}'; do not trust this run", label);
    }));
  }
  return results;
}

}  // namespace

PlanOutcome run_plan(const Network& network, const PlanRun& run, CancellationToken& cancellation,
                     const OnProgress& progress) {
  require_sound(run.plan);
  ThreeNodes nodes(network, cancellation, &run.requester.sign);
  const TablePlan bound = bound_plan(nodes.node(0), run);
  const std::string text = plan_text(run.plan);
  nodes.each([&](NodeClient& node) {
    node.put("/v1/plans/" + bound.fingerprint,
             {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  });
  PlanOutcome outcome{.session = new_session_id(), .figures = {}, .learned = {}};
  outcome.figures = run_session(nodes, outcome.session, bound, run.deadline, progress);

  std::vector<std::string> names;
  for (const OrganisationKeys& keys : run.recipients) {
    if (std::ranges::count(bound.to, keys.name) > 0) names.push_back(keys.name);
  }
  const auto sealed = fetch_results(nodes, outcome.session, names);
  const std::string what = run_text(bound, run.requester.name);
  for (const OrganisationKeys& keys : run.recipients) {
    const auto place = std::ranges::find(names, keys.name);
    if (place == names.end()) continue;
    const SealedResult& own = sealed[static_cast<std::size_t>(place - names.begin())];
    const Opened opened = values_of(open(own, outcome.session, keys.receive), what);
    outcome.learned.emplace(keys.name, results_of(run.plan, keys.name, opened));
  }
  return outcome;
}

}  // namespace polder
