#include <boost/json/object.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/wall_clock.h"
#include "node/http/handlers.h"
#include "node/http/http_status.h"
#include "store/member_name.h"

namespace polder {
namespace json = boost::json;
namespace {

json::object to_json(const Members::Entry& entry) {
  json::object object = to_json(entry.member);
  object["state"] = entry.state == Members::State::admitted ? "admitted" : "expelled";
  object["changed"] = entry.changed_ms;
  object["fingerprint"] = fingerprint(entry.member);
  return object;
}

}  // namespace

HttpResponse list_members(Services& node, const Call&) {
  json::array list;
  for (const Members::Entry& entry : node.members.all()) list.push_back(to_json(entry));
  return json_answer({{"members", std::move(list)}});
}

HttpResponse take_notice(Services& node, const Call& call) {
  const Notice notice = parse_notice(parse_object(call.request.text(), "notice"));
  json::array alike;
  for (const Members::Entry& entry : node.members.all()) {
    if (look_alike(entry.member.name, notice.about)) alike.emplace_back(entry.member.name);
  }
  const bool taken = node.notices.take(notice, now_ms());
  return json_answer({{"taken", taken}, {"alike", std::move(alike)}}, taken ? 201 : 200);
}

}  // namespace polder
