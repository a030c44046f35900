// The API as the HTTP server calls it: finds the route, checks who asks, runs the handler, and
// turns every error into an answer.
#pragma once

#include "node/authentication.h"
#include "node/http_server.h"
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

  Services services_;
  Authentication& authentication_;
};

}  // namespace polder
