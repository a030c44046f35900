#include "node/http/routes.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "governance/statement.h"
#include "node/http/handlers.h"
#include "plan/text.h"
#include "store/table_store.h"

namespace polder {
namespace {

using Access = Route::Access;
constexpr std::size_t json_bytes = 1024 * 1024;

constexpr std::array table{
    Route{"GET", "/v1/health", Access::anyone, 0, read_health},
    Route{"GET", "/v1/ready", Access::anyone, 0, read_ready},
    Route{"GET", "/v1/metrics", Access::known, 0, read_metrics},
    Route{"GET", "/v1/info", Access::anyone, 0, read_info},
    Route{"GET", "/v1/members", Access::known, 0, list_members},
    Route{"POST", "/v1/notices", Access::known, 16 * 1024, take_notice, true},
    Route{"POST", "/v1/uploads", Access::member, json_bytes, begin_upload},
    Route{"GET", "/v1/uploads/{upload}", Access::known, 0, read_upload},
    Route{"DELETE", "/v1/uploads/{upload}", Access::member, 0, delete_upload, true},
    Route{"PUT", "/v1/uploads/{upload}/seeds", Access::member, 64, put_seeds},
    Route{"PUT", "/v1/uploads/{upload}/chunks/{chunk}", Access::member, chunk_bytes, put_chunk},
    Route{"POST", "/v1/uploads/{upload}/finish", Access::member, json_bytes, finish_upload},
    Route{"POST", "/v1/uploads/{upload}/publish", Access::member, json_bytes, publish_upload},
    Route{"GET", "/v1/tables", Access::known, 0, list_tables},
    Route{"GET", "/v1/tables/{table}", Access::known, 0, read_table},
    Route{"DELETE", "/v1/tables/{table}", Access::known, 0, delete_table, true},
    Route{"PUT", "/v1/plans/{fingerprint}", Access::member, max_plan_bytes, put_plan},
    Route{"GET", "/v1/plans/{fingerprint}", Access::known, 0, read_plan},
    Route{"GET", "/v1/plans", Access::member, 0, list_submissions},
    Route{"GET", "/v1/plans/{fingerprint}/approvals", Access::known, 0, read_approvals},
    Route{"POST", "/v1/statements", Access::member, max_statement_bytes, take_statement, true},
    Route{"GET", "/v1/audit", Access::known, 0, read_audit},
    Route{"POST", "/v1/sessions", Access::member, json_bytes, start_session},
    Route{"GET", "/v1/sessions", Access::member, 0, list_sessions},
    Route{"GET", "/v1/sessions/{session}", Access::known, 0, read_session},
    Route{"DELETE", "/v1/sessions/{session}", Access::member, 0, cancel_session},
    Route{"GET", "/v1/sessions/{session}/results/{recipient}", Access::known, 0, read_result},
};

/// The part up to the next '/', taken off the front of `path` (which starts with one).
std::string_view next_part(std::string_view& path) {
  const std::size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view part = path.substr(1, end - 1);
  path.remove_prefix(end);
  return part;
}

std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  while (pattern.starts_with('/') && path.starts_with('/')) {
    const std::string_view wanted = next_part(pattern), given = next_part(path);
    if (!wanted.starts_with('{')) {
      if (wanted != given) return std::nullopt;
      continue;
    }
    auto decoded = percent_decoded(given);
    if (!decoded || decoded->empty()) return std::nullopt;
    parameters.push_back(std::move(*decoded));
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

}  // namespace

std::span<const Route> routes() { return table; }

std::optional<RouteMatch> find_route(std::string_view method, std::string_view path) {
  for (const Route& route : table) {
    if (route.method != method) continue;
    auto parameters = fit(route.pattern, path);
    if (parameters) return RouteMatch{&route, std::move(*parameters)};
  }
  return std::nullopt;
}

std::string methods_of(std::string_view path) {
  std::string methods;
  for (const Route& route : table) {
    if (!fit(route.pattern, path)) continue;
    methods += (methods.empty() ? "" : ", ") + std::string(route.method);
  }
  return methods;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

namespace {

/// What stands behind ?name=, still encoded.
std::optional<std::string_view> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(item.size() + 1, query.size()));
    if (item.starts_with(name) && item.substr(name.size(), 1) == "=") {
      return item.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string query_text(std::string_view query, std::string_view name) {
  const auto value = query_value(query, name);
  if (!value) return {};
  auto text = percent_decoded(*value);
  if (!text) fail(Code::bad_input, "request: ?{}= is not percent-encoded rightly", name);
  return std::move(*text);
}

std::uint64_t query_number(std::string_view query, std::string_view name, std::uint64_t most,
                           std::uint64_t otherwise) {
  const auto digits = query_value(query, name);
  if (!digits) return otherwise;
  std::uint64_t number = 0;
  const char* const stop = digits->data() + digits->size();
  const auto [end, error] = std::from_chars(digits->data(), stop, number);
  if (error != std::errc() || end != stop || number > most) {
    fail(Code::bad_input, "request: ?{}= must be a whole number up to {}", name, most);
  }
  return number;
}

}  // namespace polder
