#include <boost/json/object.hpp>

#include "crypto/hex.h"
#include "node/handlers.h"
#include "node/http_status.h"
#include "node/wall_clock.h"
#include "store/json.h"

namespace polder {
namespace json = boost::json;
namespace {

json::object to_json(const Member& member) {
  return {{"name", member.name}, {"sign", to_hex(member.sign)}, {"seal", to_hex(member.seal)}};
}

Member parse_member(std::string_view text) {
  const json::object object = parse_object(text, "member");
  Fields fields(object, "member");
  const Member member{.name = fields.name("name"),
                      .sign = from_hex<32>(fields.hex("sign", 32)),
                      .seal = from_hex<32>(fields.hex("seal", 32))};
  fields.done();
  return member;
}

}  // namespace

HttpResponse admit_member(Services& node, const Call& call) {
  const Member member = parse_member(call.request.text());
  node.members.admit(member, now_ms());
  return json_answer(to_json(member), 201);
}

HttpResponse list_members(Services& node, const Call&) {
  json::array list;
  for (const Member& member : node.members.all()) list.push_back(to_json(member));
  return json_answer({{"members", std::move(list)}});
}

}  // namespace polder
