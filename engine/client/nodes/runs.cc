#include "client/nodes/runs.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/error.h"
#include "base/json.h"
#include "wire/plan.h"

namespace polder {
namespace {

namespace json = boost::json;
constexpr std::size_t runs_a_page = 100;

RunEntry parse_run(const NodeClient& node, const json::value& value) {
  if (!value.is_object()) fail(Code::cheating, "{} lists a session that is none", node.who());
  Fields fields(value.get_object(), node.who());
  RunEntry entry{.session = fields.hex("session", 16),
                 .run = run_text(parse_plan(fields.object("plan")), fields.text("requester")),
                 .began_ms = fields.integer("began", 0, INT64_MAX),
                 .state = fields.text("state"),
                 .why = {},
                 .nodes = {node.role()}};
  if (fields.has("error")) entry.why = Fields(fields.object("error"), node.who()).text("message");
  return entry;
}

std::vector<RunEntry> runs_at(NodeClient& node, std::size_t most) {
  std::vector<RunEntry> entries;
  std::string before;
  while (entries.size() < most) {
    const json::object page = node.get(fmt::format(
        "/v1/sessions?most={}{}", std::min(most - entries.size(), runs_a_page), before));
    Fields fields(page, node.who());
    for (const json::value& value : fields.list("sessions", runs_a_page))
      entries.push_back(parse_run(node, value));
    if (!fields.has("before")) break;
    before = fmt::format("&before={}", fields.integer("before", 1, INT64_MAX));
  }
  return entries;
}

}  // namespace

std::vector<RunEntry> list_runs(const Network& network, const OrganisationKeys& member,
                                std::size_t most, CancellationToken& cancellation) {
  ThreeNodes nodes(network, cancellation, &member.sign);
  std::array<std::vector<RunEntry>, 3> seen;
  nodes.each(
      [&](NodeClient& node) { seen[static_cast<std::size_t>(node.role())] = runs_at(node, most); });
  std::vector<RunEntry> all;
  for (const auto& entries : seen) {
    for (const RunEntry& entry : entries) {
      const auto known = std::ranges::find_if(all, [&](const RunEntry& other) {
        return other.session == entry.session && other.run == entry.run;
      });
      if (known == all.end()) {
        all.push_back(entry);
        continue;
      }
      known->nodes.insert(known->nodes.end(), entry.nodes.begin(), entry.nodes.end());
    }
  }
  std::ranges::stable_sort(all, std::greater<>(), &RunEntry::began_ms);
  all.resize(std::min(all.size(), most));
  return all;
}

}  // namespace polder
