#include "plan_runs.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "client/client.h"
#include "client/nodes/network_file.h"
#include "client/nodes/rule_options.h"
#include "client/plan_run.h"
#include "job.h"
#include "opened.h"
#include "operators/all_operators.h"
#include "plan/text.h"

namespace nb = nanobind;

namespace polder {
namespace {

using Names = std::vector<std::string>;

std::string upload(const std::string& network, const PlainTable& table, const std::string& called,
                   const std::string& key, const RuleOptions& rules, const nb::object& progress) {
  const Network nodes = read_network(network);
  const OrganisationKeys owner = read_keys(key);
  TableEntry entry;
  run_job(progress, [&](CancellationToken& cancellation, const OnProgress& report) {
    entry = upload_table(nodes, table,
                         {.name = called, .serves = rule_for_plans(rules), .owner = owner},
                         cancellation, report);
  });
  return entry.handle;
}

/// (session, seconds, rounds, bytes sent by each node, {recipient: results})
nb::tuple run(const std::string& network, const std::string& text, const Parameters& parameters,
              const std::string& requester, const Names& recipients, const nb::object& progress) {
  const Network nodes = read_network(network);
  const Graph plan = parse_plan(text, all_operators());
  const OrganisationKeys asking = read_keys(requester);
  std::vector<OrganisationKeys> learning;
  for (const std::string& key : recipients) learning.push_back(read_keys(key));
  PlanOutcome outcome;
  run_job(progress, [&](CancellationToken& cancellation, const OnProgress& report) {
    outcome = run_plan(
        nodes,
        {.plan = plan, .parameters = parameters, .requester = asking, .recipients = learning},
        cancellation, report);
  });
  nb::dict learned;
  for (const auto& [name, results] : outcome.learned) learned[name.c_str()] = as_python(results);
  nb::list sent;
  for (const std::uint64_t bytes : outcome.figures.bytes_sent) sent.append(bytes);
  return nb::make_tuple(outcome.session, outcome.figures.seconds, outcome.figures.rounds, sent,
                        learned);
}

}  // namespace

void add_plan_runs(nb::module_& m) {
  m.def("upload_table", upload, nb::kw_only(), nb::arg("network"), nb::arg("table"),
        nb::arg("name"), nb::arg("key"), nb::arg("rules"), nb::arg("progress").none());
  m.def("run_plan", run, nb::kw_only(), nb::arg("network"), nb::arg("plan"), nb::arg("parameters"),
        nb::arg("requester"), nb::arg("recipients"), nb::arg("progress").none());
}

}  // namespace polder
