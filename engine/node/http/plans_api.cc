#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/wall_clock.h"
#include "crypto/hex.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"
#include "operators/all_operators.h"
#include "plan/text.h"
#include "store/plans.h"

namespace polder {

HttpResponse put_plan(Services& node, const Call& call) {
  const Graph plan = parse_plan(call.request.text(), all_operators());
  require_sound(plan);
  const std::string print = to_hex(fingerprint(plan));
  if (print != call.parameters[0])
    fail(Code::bad_input, "plan: its fingerprint is {}, not {}", print, call.parameters[0]);
  node.plans.put(print, call.request.text(), call.member->name, now_ms());
  return json_answer({{"plan", print}});
}

HttpResponse read_plan(Services& node, const Call& call) {
  auto text = node.plans.find(call.parameters[0]);
  if (!text) fail(Code::not_found, "plan: this node has none of that fingerprint");
  return {.status = 200, .type = "application/json", .body = std::move(*text)};
}

}  // namespace polder
