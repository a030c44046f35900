// One connection to one node's HTTPS API: TLS 1.3, only the certificate that network.json pins for
// the node's role, bounded waits and answers. Boost stays in the .cc.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/cancellation_token.h"
#include "wire/network.h"

namespace polder {

struct HttpCall {
  std::string_view method;
  std::string_view target;
  std::map<std::string, std::string> headers = {};
  std::span<const std::uint8_t> body = {};
  std::chrono::milliseconds timeout{8000};  // from the first byte sent to the last received
  std::size_t max_answer_bytes = std::size_t{1} << 20;
};

struct HttpAnswer {
  int status;
  std::string body;
};

/// Connects when first asked, keeps the connection open, connects again after it broke. Not
/// thread-safe.
class HttpConnection {
 public:
  /// `cancellation` may cancel any wait from another thread.
  HttpConnection(int role, const NodeCard& node, CancellationToken& cancellation);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  /// One request and its answer. Throws Error peer_lost (no connection, or it broke), timed_out,
  /// forbidden (another certificate than the pinned one, or it is out of its dates), cancelled;
  /// each names the node, its address and what to do.
  HttpAnswer ask(const HttpCall& call);

  /// Whether a connection is open from an earlier call: an idle one may have died unseen.
  bool open() const;

  /// "node 1 'beta' (https://host:port)".
  const std::string& who() const { return who_; }

 private:
  class Connection;
  int role_;
  NodeCard node_;
  CancellationToken& cancellation_;
  std::string who_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace polder
