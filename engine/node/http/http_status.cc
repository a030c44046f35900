#include "node/http/http_status.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace polder {
namespace json = boost::json;

int http_status(Code code) {
  switch (code) {
    case Code::bad_input:
    case Code::bad_schema:
      return 400;
    case Code::forbidden:
      return 403;
    case Code::not_found:
      return 404;
    case Code::cancelled:
      return 409;
    case Code::internal:
      return 500;
    case Code::peer_lost:
    case Code::peer_aborted:
    case Code::cheating:
      return 502;
    case Code::busy:
      return 503;
    case Code::timed_out:
      return 504;
  }
  return 500;
}

HttpResponse json_answer(const json::object& object, int status) {
  return {.status = status, .type = "application/json", .body = json::serialize(object)};
}

HttpResponse metrics_answer(std::string page) {
  return {.status = 200, .type = "text/plain; version=0.0.4", .body = std::move(page)};
}

HttpResponse error_answer(Code code, std::string_view message) {
  const json::object error{{"code", json::string(name(code))}, {"message", json::string(message)}};
  return json_answer({{"error", error}}, http_status(code));
}

}  // namespace polder
