// One node's API as calls: requests signed, answers parsed, tried again where that is safe, errors
// with the node's name in front.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "client/nodes/http.h"
#include "crypto/sign.h"

namespace polder {

struct Readiness {
  enum class State { ready, waiting, down } state;
  std::string why;  // unless ready
};

class NodeClient {
 public:
  /// All that it refers to must outlive it.
  struct Options {
    const Network& network;
    int role;
    CancellationToken& cancellation;
    const SigningKey* signer = nullptr;       // without one only what anybody may ask works
    std::chrono::milliseconds try_for{2500};  // how long a broken connection is tried anew, once
  };
  explicit NodeClient(const Options& options);

  int role() const { return options_.role; }
  const std::string& who() const { return connection_.who(); }

  /// Whether it takes work, only answers, or does not even that; never throws because of the node.
  Readiness readiness();

  /// Signed if there is a signer: some lists are for members only.
  /// Each throws Error with the node's code, or as HttpConnection::ask after a short time of
  /// trying.
  boost::json::object get(std::string_view target,
                          std::chrono::milliseconds timeout = std::chrono::milliseconds(8000));
  std::string get_bytes(std::string_view target, std::size_t max_bytes);
  /// Signed. The same again must change nothing: it is sent again when the connection breaks.
  boost::json::object post(std::string_view target, const boost::json::object& body,
                           std::chrono::milliseconds timeout = std::chrono::milliseconds(8000));
  void put(std::string_view target, std::span<const std::uint8_t> body);
  void remove(std::string_view target);

 private:
  HttpAnswer ask(HttpCall call);
  HttpAnswer ask_patiently(const HttpCall& call);
  void sign(HttpCall& call) const;
  boost::json::object parse(const HttpAnswer& answer) const;
  [[noreturn]] void rethrow(const HttpAnswer& answer) const;

  const Options options_;
  HttpConnection connection_;
  bool away_ = false;  // it was tried as long in vain: later calls try once
};

/// A name as one part of a path.
std::string percent_encoded(std::string_view text);

}  // namespace polder
