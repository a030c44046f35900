#include "node/api.h"

#include <new>

#include "base/error.h"
#include "node/http_status.h"
#include "node/log.h"
#include "node/routes.h"
#include "node/wall_clock.h"

namespace polder {
namespace {

Code code_for(int status) { return status == 503 ? Code::busy : Code::bad_input; }

HttpResponse refuse(int status, std::string_view why) {
  HttpResponse response = error_answer(code_for(status), fmt::format("request: {}", why));
  response.status = status;
  return response;
}

std::size_t max_body(std::string_view method, std::string_view path) {
  const auto match = find_route(method, path);
  return match ? match->route->max_body : 0;
}

}  // namespace

HttpServer::Service Api::service() {
  return {.max_body = max_body,
          .answer = [this](const HttpRequest& request) { return answer(request); },
          .refuse =
              [this](int status, std::string_view why) {
                services_.metrics.count_request(status);
                return refuse(status, why);
              }};
}

HttpResponse Api::dispatch(const HttpRequest& request) {
  const auto match = find_route(request.method, request.path);
  if (!match) fail(Code::not_found, "request: there is no such route; see docs/openapi.yaml");
  auto member = authentication_.check(request, match->route->access, now_ms());
  return match->route->handler(
      services_,
      {.request = request, .parameters = match->parameters, .member = std::move(member)});
}

HttpResponse Api::answer(const HttpRequest& request) noexcept {
  HttpResponse response;
  try {
    response = dispatch(request);
  } catch (const Error& error) {
    response = error_answer(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    response = error_answer(Code::busy, "request: no memory for it now; try again later");
  } catch (const std::exception& error) {
    log_trouble("request_failed", {{"why", error.what()}});
    response = error_answer(Code::internal, "request: the node made a mistake; see its log");
  }
  services_.metrics.count_request(response.status);
  if (response.status == 500) log_trouble("internal_error", {{"answer", response.body}});
  return response;
}

}  // namespace polder
