#include "client/nodes/node_client.h"

#include <boost/json/serialize.hpp>
#include <thread>

#include "base/error.h"
#include "base/json.h"
#include "base/wall_clock.h"
#include "crypto/hex.h"
#include "crypto/random.h"
#include "wire/signed_request.h"

namespace polder {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds pause_between{100};
constexpr std::chrono::milliseconds long_timeout{60'000};  // for a chunk over a slow connection
constexpr std::size_t max_json_bytes = std::size_t{16} << 20;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

NodeClient::NodeClient(const Options& options)
    : options_(options),
      connection_(options.role, options.network.nodes[static_cast<std::size_t>(options.role)],
                  options.cancellation) {}

Readiness NodeClient::readiness() {
  bool answered = false;
  try {
    const HttpAnswer answer = connection_.ask({.method = "GET", .target = "/v1/ready"});
    answered = true;
    if (answer.status >= 300) rethrow(answer);
  } catch (const Error& error) {
    if (error.code() == Code::cancelled) throw;
    return {answered ? Readiness::State::waiting : Readiness::State::down, error.what()};
  }
  return {Readiness::State::ready, {}};
}

json::object NodeClient::get(std::string_view target, std::chrono::milliseconds timeout) {
  return parse(ask(
      {.method = "GET", .target = target, .timeout = timeout, .max_answer_bytes = max_json_bytes}));
}

std::string NodeClient::get_bytes(std::string_view target, std::size_t max_bytes) {
  return ask({.method = "GET",
              .target = target,
              .timeout = long_timeout,
              .max_answer_bytes = max_bytes})
      .body;
}

json::object NodeClient::post(std::string_view target, const json::object& body,
                              std::chrono::milliseconds timeout) {
  const std::string text = json::serialize(body);
  return parse(ask({.method = "POST",
                    .target = target,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = bytes_of(text),
                    .timeout = timeout}));
}

void NodeClient::put(std::string_view target, std::span<const std::uint8_t> body) {
  ask({.method = "PUT",
       .target = target,
       .headers = {{"Content-Type", "application/octet-stream"}},
       .body = body,
       .timeout = long_timeout});
}

void NodeClient::remove(std::string_view target) { ask({.method = "DELETE", .target = target}); }

HttpAnswer NodeClient::ask(HttpCall call) {
  HttpAnswer answer = ask_patiently(call);
  if (answer.status >= 300) rethrow(answer);
  return answer;
}

/// Signed anew each time: a node takes a nonce once.
HttpAnswer NodeClient::ask_patiently(const HttpCall& call) {
  const auto late = Clock::now() + options_.try_for;
  while (true) {
    HttpCall next = call;
    sign(next);
    try {
      HttpAnswer answer = connection_.ask(next);
      away_ = false;
      return answer;
    } catch (const Error& error) {
      if (error.code() != Code::peer_lost) throw;
      away_ = away_ || Clock::now() > late;
      if (away_) throw;
    }
    options_.cancellation.check_cancelled();
    std::this_thread::sleep_for(pause_between);
  }
}

void NodeClient::sign(HttpCall& call) const {
  if (options_.signer == nullptr) return;
  std::array<std::uint8_t, 16> nonce;
  random_bytes(nonce);
  const std::string nonce_text = to_hex(nonce);
  const std::int64_t time = now_ms();
  const std::string digest = body_digest(call.body);
  const std::string text = request_text({.method = call.method,
                                         .target = call.target,
                                         .network = options_.network.id,
                                         .role = options_.role,
                                         .time_ms = time,
                                         .nonce = nonce_text,
                                         .digest = digest});
  call.headers["Polder-Key"] = to_hex(options_.signer->verify_key().raw());
  call.headers["Polder-Time"] = std::to_string(time);
  call.headers["Polder-Nonce"] = nonce_text;
  call.headers["Polder-Digest"] = digest;
  call.headers["Polder-Signature"] = to_hex(options_.signer->sign(text));
}

json::object NodeClient::parse(const HttpAnswer& answer) const {
  return parse_object(answer.body, who(), max_json_bytes);
}

void NodeClient::rethrow(const HttpAnswer& answer) const {
  std::string code, message;
  try {
    const json::object object = parse(answer);
    const json::object& error = object.at("error").as_object();
    code = error.at("code").as_string();
    message = error.at("message").as_string();
  } catch (const std::exception&) {
    fail(Code::peer_lost, "{} answered with HTTP status {} and no reason; is it a Polder node?",
         who(), answer.status);
  }
  fail(code_named(code), "{}: {}", who(), message);
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace polder
