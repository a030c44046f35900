#include "client/plan_run.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "client/nodes/result.h"
#include "client/nodes/tables.h"
#include "crypto/hex.h"
#include "operators/all_operators.h"
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

Graph plan_at(NodeClient& node, const std::string& print) {
  Graph plan = parse_plan(node.get_bytes("/v1/plans/" + print, max_plan_bytes), all_operators());
  if (to_hex(fingerprint(plan)) != print)
    fail(Code::cheating, "{} sent another plan than {}", node.who(), print);
  return plan;
}

PlanResult open_plan_result(const Network& network, const std::string& session,
                            const OrganisationKeys& recipient, CancellationToken& cancellation) {
  ThreeNodes nodes(network, cancellation, &recipient.sign);
  const std::vector<std::string> names{recipient.name};
  const OpenedResult opened =
      open(fetch_results(nodes, session, names).at(0), session, recipient.receive);
  const boost::json::object asked = parse_object(opened.run, "run");
  Fields fields(asked, "run");
  const Plan plan = parse_plan(fields.object("plan"));
  const auto* const of_tables = std::get_if<TablePlan>(&plan);
  if (of_tables == nullptr)
    fail(Code::bad_input, "session {} ran no plan of tables; its owner opens it with its table",
         session);
  return {.plan = *of_tables,
          .requester = fields.text("requester"),
          .results = results_of(plan_at(nodes.node(0), of_tables->fingerprint), recipient.name,
                                opened.values)};
}

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
