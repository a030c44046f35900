// The API's table of routes: who may call what, how long its body may be, and who answers.
// docs/openapi.yaml describes the same table; a test compares the two.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/http_server.h"
#include "node/services.h"
#include "store/members.h"

namespace polder {

/// One request, as far as its handler needs it.
struct Call {
  const HttpRequest& request;
  std::vector<std::string> parameters;  // of the path, decoded
  std::optional<Member> member;         // who signed it; none for anyone's and the operator's
};

struct Route {
  enum class Access { anyone, member, node_operator };
  std::string_view method;
  std::string_view pattern;  // "/v1/uploads/{upload}"
  Access access;
  std::size_t max_body;
  HttpResponse (*handler)(Services&, const Call&);
};

std::span<const Route> routes();

struct RouteMatch {
  const Route* route;
  std::vector<std::string> parameters;
};

/// The route of a request, or none.
std::optional<RouteMatch> find_route(std::string_view method, std::string_view path);

/// Turns %XX back into bytes; none if it is malformed.
std::optional<std::string> percent_decoded(std::string_view text);

/// A whole number in the query (?name=number); `otherwise` if it is not there.
std::uint64_t query_number(std::string_view query, std::string_view name, std::uint64_t most,
                           std::uint64_t otherwise);

}  // namespace polder
