#include <boost/json/object.hpp>

#include "base/version.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"

namespace polder {

HttpResponse read_health(Services&, const Call&) { return json_answer({{"health", "ok"}}); }

HttpResponse read_ready(Services& node, const Call&) {
  const std::string obstacle = node.obstacle();
  if (obstacle.empty()) return json_answer({{"ready", true}});
  return error_answer(Code::busy, obstacle);
}

HttpResponse read_metrics(Services& node, const Call&) {
  return metrics_answer(node.metrics.page(node.gauges()));
}

HttpResponse read_info(Services& node, const Call&) {
  boost::json::object info{{"network", node.network.id},
                           {"role", node.role},
                           {"name", node.network.nodes[static_cast<std::size_t>(node.role)].name},
                           {"version", boost::json::string(version)}};
  if (const auto round_trip = node.round_trip()) info["round_trip_us"] = round_trip->count();
  return json_answer(info);
}

}  // namespace polder
