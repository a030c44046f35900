#include "node/http/api.h"

#include <new>

#include "base/error.h"
#include "base/wall_clock.h"
#include "node/http/http_status.h"
#include "node/http/routes.h"
#include "node/log.h"
#include "node/store_path.h"

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

/// Who is charged for a request.
std::string account_of(const Caller& caller) {
  if (caller.member) return "member " + caller.member->name;
  return caller.operator_role ? "operator" : "";
}

}  // namespace

HttpServer::Service Api::service() {
  return {.max_body = max_body,
          .admit = [this](const HttpRequest& head) { return admit(head); },
          .answer = [this](const HttpRequest& request) { return answer(request); },
          .refuse =
              [this](int status, std::string_view why) {
                services_.metrics.count_request(status);
                return refuse(status, why);
              }};
}

/// Says to the caller what went wrong, and where the files are to the operator alone.
HttpResponse Api::refusal(const Error& error) const {
  const std::string said = without_paths(error.what(), services_.folder);
  if (said != error.what()) log_at_most_once_a_second("store_error", {{"why", error.what()}});
  return error_answer(error.code(), said);
}

Caller Api::caller_of(const HttpRequest& request, Route::Access access, bool whole) try {
  return whole ? authentication_.check(request, access, now_ms())
               : authentication_.check_head(request, access, now_ms());
} catch (const Error& error) {
  if (error.code() == Code::forbidden) {
    services_.metrics.count_refused();
    log_at_most_once_a_second("request_refused", {{"from", request.from}, {"why", error.what()}});
  }
  throw;
}

std::variant<std::string, HttpResponse> Api::admit(const HttpRequest& head) noexcept {
  try {
    const auto match = find_route(head.method, head.path);
    if (!match) return std::string();  // without a body; `answer` says what is wrong
    return account_of(caller_of(head, match->route->access, false));
  } catch (const Error& error) {
    HttpResponse response = refusal(error);
    services_.metrics.count_request(response.status);
    return response;
  } catch (const std::exception&) {
    return error_answer(Code::busy, "request: no memory for it now; try again later");
  }
}

HttpResponse Api::handle(const HttpRequest& request, const RouteMatch& match) {
  const bool frees = match.route->frees_space;
  const auto check = [&] { return caller_of(request, match.route->access, true); };
  Caller caller = frees ? services_.spare.use(check) : check();
  const Call call{.request = request,
                  .parameters = match.parameters,
                  .member = std::move(caller.member),
                  .operator_role = caller.operator_role};
  const auto work = [&] { return match.route->handler(services_, call); };
  HttpResponse response = frees ? services_.spare.use(work) : work();
  response.account = account_of({.member = call.member, .operator_role = call.operator_role});
  return response;
}

HttpResponse Api::dispatch(const HttpRequest& request) {
  const auto match = find_route(request.method, request.path);
  if (match) return handle(request, *match);
  std::string methods = methods_of(request.path);
  if (methods.empty()) {
    fail(Code::not_found, "request: there is no such route; see docs/openapi.yaml");
  }
  HttpResponse response =
      error_answer(Code::bad_input,
                   fmt::format("request: {} is not done here, only {}", request.method, methods));
  response.status = 405;
  response.allow = std::move(methods);
  return response;
}

HttpResponse Api::answer(const HttpRequest& request) noexcept {
  HttpResponse response;
  try {
    response = dispatch(request);
  } catch (const Error& error) {
    response = refusal(error);
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
