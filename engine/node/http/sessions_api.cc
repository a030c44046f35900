#include <atomic>
#include <boost/json/object.hpp>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"
#include "node/session/sessions.h"

namespace polder {
namespace json = boost::json;
namespace {

constexpr std::uint64_t max_wait_ms = 30'000;
constexpr std::uint64_t max_deadline_ms = 24 * 3600 * 1000;
constexpr std::uint64_t max_listed = 200;
constexpr int max_waiting_requests = 48;  // of the server's 64 workers

/// Takes a worker for a long wait; none is granted while too many wait already, so that requests
/// which change something always find one.
class WaitPermit {
 public:
  WaitPermit() : granted_(++waiting_ <= max_waiting_requests) {}
  WaitPermit(const WaitPermit&) = delete;
  WaitPermit& operator=(const WaitPermit&) = delete;
  ~WaitPermit() { --waiting_; }
  bool granted() const { return granted_; }

 private:
  static inline std::atomic<int> waiting_ = 0;
  bool granted_;
};

json::object to_json(std::string_view id, const SessionView& view) {
  json::object object{{"session", json::string(id)},     {"state", json::string(name(view.state))},
                      {"progress", view.progress},       {"step", view.step},
                      {"seconds", view.figures.seconds}, {"bytes_sent", view.figures.bytes_sent},
                      {"rounds", view.figures.rounds},   {"peak_mb", view.figures.peak_mb}};
  if (!view.message.empty()) {
    object["error"] = {{"code", json::string(name(view.code))}, {"message", view.message}};
  }
  return object;
}

json::object to_json(const SessionRecord& record) {
  json::object object{{"session", record.id},
                      {"state", record.state},
                      {"requester", record.requester},
                      {"began", record.started_ms},
                      {"plan", parse_object(record.plan, "catalogue: plan")}};
  if (!record.message.empty()) {
    object["error"] = {{"code", record.code}, {"message", record.message}};
  }
  return object;
}

}  // namespace

HttpResponse list_sessions(Services& node, const Call& call) {
  const auto most = static_cast<int>(query_number(call.request.query, "most", max_listed, 50));
  const std::uint64_t before = query_number(call.request.query, "before", INT64_MAX, INT64_MAX);
  const auto listed =
      node.sessions.of_member(call.member->name, static_cast<std::int64_t>(before), most);
  json::array list;
  for (const auto& [number, record] : listed) list.push_back(to_json(record));
  json::object page{{"sessions", std::move(list)}};
  if (!listed.empty() && std::cmp_equal(listed.size(), most)) page["before"] = listed.back().number;
  return json_answer(page);
}

HttpResponse start_session(Services& node, const Call& call) {
  const json::object object = parse_object(call.request.text(), "session");
  Fields fields(object, "session");
  const std::string id = fields.hex("session", 16);
  const Plan plan = parse_plan(fields.object("plan"));
  const std::uint64_t deadline_ms = fields.integer("deadline_ms", 1, max_deadline_ms);
  fields.done();
  node.sessions.start({.id = id,
                       .plan = plan,
                       .requester = call.member->name,
                       .deadline = std::chrono::milliseconds(deadline_ms)});
  return json_answer({{"session", id}}, 202);
}

HttpResponse read_session(Services& node, const Call& call) {
  const WaitPermit permit;
  const std::uint64_t wait_ms = query_number(call.request.query, "wait_ms", max_wait_ms, 0);
  const std::chrono::milliseconds limit(permit.granted() ? wait_ms : 0);
  return json_answer(to_json(call.parameters[0], node.sessions.view(call.parameters[0], limit)));
}

HttpResponse cancel_session(Services& node, const Call& call) {
  node.sessions.cancel(call.parameters[0], call.member->name);
  return json_answer({{"cancelled", call.parameters[0]}}, 202);
}

HttpResponse read_result(Services& node, const Call& call) {
  const auto sealed = node.sessions.result(call.parameters[0], call.parameters[1]);
  return {.status = 200,
          .type = "application/octet-stream",
          .body = std::string(sealed.begin(), sealed.end())};
}

}  // namespace polder
