// An HTTPS server without opinions: TLS 1.3 only, every length, wait and count bounded, handlers on
// worker threads where they may block. Nothing is kept for a body before its sender is known; when
// all places are taken, whoever has been silent longest goes. Boost stays in the .cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/memory.h"

namespace polder {

struct HttpRequest {
  std::string method;
  std::string target;                                       // as it was sent
  std::string path;                                         // up to '?'
  std::string query;                                        // after '?'
  std::map<std::string, std::string, std::less<>> headers;  // lower-case names
  Bytes body;
  std::string from = {};  // the caller's address, without port

  /// A header's value; empty if it is not there.
  std::string_view header(std::string_view name) const;
  std::string_view text() const {
    return {reinterpret_cast<const char*>(body.data()), body.size()};
  }
};

struct HttpResponse {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::string account = {};  // who is charged for it, if it is long
  std::string allow = {};    // with status 405: the methods that there are
};

class HttpServer {
 public:
  struct Options {
    std::string host = {};
    std::uint16_t port = 0;  // 0: any free one
    std::string certificate_pem = {};
    std::string key_pem = {};
    int workers = 64;
    int max_connections = 256;
    std::size_t max_header_bytes = 16 * 1024;
    int max_connections_each = 64;                     // of one account
    std::size_t max_bodies_bytes = 256 * 1024 * 1024;  // of all bodies being read or written
    std::chrono::milliseconds idle{30'000};            // for a handshake or the next request's head
    std::chrono::milliseconds body_grace{10'000};      // for a body, and 1 s more per 64 KiB
  };
  /// Both are called for each request and must not throw.
  struct Service {
    /// The longest body for this head; 0 for none. On the I/O thread: may not block.
    std::function<std::size_t(std::string_view method, std::string_view path)> max_body;
    /// Before a body is read: the account that is charged for it, or why it is not wanted. On the
    /// I/O thread: may not block.
    std::function<std::variant<std::string, HttpResponse>(const HttpRequest& head)> admit;
    /// On a worker thread: may block.
    std::function<HttpResponse(const HttpRequest&)> answer;
    /// The answer to what is no proper request (status and why).
    std::function<HttpResponse(int status, std::string_view why)> refuse;
  };

  /// Listens and serves. Throws Error bad_input if the address or the certificate cannot be used.
  HttpServer(Options options, Service service);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  std::uint16_t port() const;
  int connections() const;
  /// Closes all connections; returns when no handler runs any more.
  void stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace polder
