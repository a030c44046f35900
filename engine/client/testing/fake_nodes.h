// Three HTTPS servers that answer as a test says: what a client meets when nodes misbehave.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "crypto/certificate.h"
#include "node/http/http_server.h"
#include "node/http/http_status.h"
#include "wire/network.h"

namespace polder {

class FakeNodes {
 public:
  using Answer = std::function<HttpResponse(int role, const HttpRequest& request)>;

  explicit FakeNodes(Answer answer) : answer_(std::move(answer)) {
    std::array<NodeCard, 3> cards;
    for (int role = 0; role < 3; ++role) {
      const SigningKey key = SigningKey::random();
      Options& options = options_[static_cast<std::size_t>(role)];
      const Bytes pem = private_key_pem(key);
      options = {.host = "127.0.0.1",
                 .certificate_pem = certificate(key).pem(),
                 .key_pem = std::string(pem.begin(), pem.end()),
                 .workers = 4};
      start(role);
      cards[static_cast<std::size_t>(role)] = card(role);
    }
    network = make_network(cards);
  }

  void stop(int role) { servers_[static_cast<std::size_t>(role)].reset(); }

  /// Stops it and starts it again at the same address.
  void restart(int role) {
    stop(role);
    start(role);
  }

  static Certificate certificate(const SigningKey& key,
                                 Certificate::Terms terms = {.name = "node"}) {
    return Certificate::make(key, terms);
  }

  Network network;

 private:
  using Options = HttpServer::Options;

  void start(int role) {
    Options& options = options_[static_cast<std::size_t>(role)];
    auto& server = servers_[static_cast<std::size_t>(role)];
    server = std::make_unique<HttpServer>(
        options,
        HttpServer::Service{
            .max_body = [](auto, auto) { return std::size_t{1} << 24; },
            .admit = [](const HttpRequest&) { return std::string(); },
            .answer = [this, role](const HttpRequest& request) { return answer_(role, request); },
            .refuse =
                [](int status, std::string_view why) {
                  HttpResponse response = error_answer(Code::bad_input, why);
                  response.status = status;
                  return response;
                }});
    options.port = server->port();
  }

  NodeCard card(int role) const {
    const Options& options = options_[static_cast<std::size_t>(role)];
    return {.name = fmt::format("node{}", role),
            .api = {.host = options.host, .port = options.port},
            .mesh = {.host = options.host, .port = static_cast<std::uint16_t>(role + 1)},
            .certificate = options.certificate_pem};
  }

  Answer answer_;
  std::array<Options, 3> options_;
  std::array<std::unique_ptr<HttpServer>, 3> servers_;
};

}  // namespace polder
