// The API as the HTTP server calls it: finds the route, checks who asks, runs the handler, and
// turns every error into an answer.
#pragma once

#include "base/error.h"
#include "node/http/authentication.h"
#include "node/http/http_server.h"
#include "node/services.h"

namespace polder {

class Api {
 public:
  Api(Services services, Authentication& authentication)
      : services_(services), authentication_(authentication) {}

  /// What the server needs; `this` must outlive it.
  HttpServer::Service service();

 private:
  HttpResponse answer(const HttpRequest& request) noexcept;
  HttpResponse dispatch(const HttpRequest& request);
  HttpResponse handle(const HttpRequest& request, const RouteMatch& match);
  std::variant<std::string, HttpResponse> admit(const HttpRequest& head) noexcept;
  Caller caller_of(const HttpRequest& request, Route::Access access, bool whole);
  HttpResponse refusal(const Error& error) const;

  Services services_;
  Authentication& authentication_;
};

}  // namespace polder
