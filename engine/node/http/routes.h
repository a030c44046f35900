// The API's table of routes: who may call what, how long its body may be, and who answers.
// docs/openapi.yaml describes the same table; a test compares the two.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/http/http_server.h"
#include "node/services.h"
#include "store/members.h"

namespace polder {

/// Who signed a request; nobody, where anyone may ask.
struct Caller {
  std::optional<Member> member = {};
  std::optional<int> operator_role = {};  // whose operator it is
};

/// One request, as far as its handler needs it.
struct Call {
  const HttpRequest& request;
  std::vector<std::string> parameters = {};  // of the path, decoded
  std::optional<Member> member = {};
  std::optional<int> operator_role = {};
};

struct Route {
  /// known: a member or one of the three operators.
  enum class Access { anyone, known, member };
  std::string_view method;
  std::string_view pattern;  // "/v1/uploads/{upload}"
  Access access;
  std::size_t max_body;
  HttpResponse (*handler)(Services&, const Call&);
  bool frees_space = false;  // done on a full disk too
};

std::span<const Route> routes();

struct RouteMatch {
  const Route* route;
  std::vector<std::string> parameters;
};

/// The route of a request, or none.
std::optional<RouteMatch> find_route(std::string_view method, std::string_view path);

/// The methods that a path has, "GET, POST"; empty if there is no such path.
std::string methods_of(std::string_view path);

/// Turns %XX back into bytes; none if it is malformed.
std::optional<std::string> percent_decoded(std::string_view text);

/// A text in the query (?name=text, decoded); empty if it is not there.
std::string query_text(std::string_view query, std::string_view name);

/// A whole number in the query (?name=number); `otherwise` if it is not there.
std::uint64_t query_number(std::string_view query, std::string_view name, std::uint64_t most,
                           std::uint64_t otherwise);

}  // namespace polder
