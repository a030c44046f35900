#include "node/http/authentication.h"

#include <charconv>

#include "base/error.h"
#include "base/json.h"
#include "crypto/hex.h"
#include "crypto/sign.h"
#include "wire/signed_request.h"

namespace polder {
namespace {

using Access = Route::Access;

struct Proof {
  std::array<std::uint8_t, 32> key;
  std::array<std::uint8_t, 64> signature;
  std::array<std::uint8_t, 16> nonce;
  std::string_view nonce_text;
  std::string_view digest_text;
  std::int64_t time_ms;
};

template <std::size_t n>
std::array<std::uint8_t, n> hex_header(const HttpRequest& request, std::string_view name) {
  const std::string_view text = request.header(name);
  if (text.empty()) {
    fail(Code::bad_input, "request: header {} is missing; this request must be signed", name);
  }
  check_hex(text, n, fmt::format("request: header {}", name));
  return from_hex<n>(text);
}

std::int64_t time_header(const HttpRequest& request) {
  const std::string_view text = request.header("polder-time");
  std::int64_t time = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (error != std::errc() || end != text.data() + text.size() || time < 0 ||
      text != std::to_string(time)) {
    fail(Code::bad_input, "request: header polder-time must be milliseconds since 1970");
  }
  return time;
}

std::string_view digest_header(const HttpRequest& request) {
  const std::string_view text = request.header("polder-digest");
  check_hex(text, 32, "request: header polder-digest");
  return text;
}

Proof read_proof(const HttpRequest& request) {
  return {.key = hex_header<32>(request, "polder-key"),
          .signature = hex_header<64>(request, "polder-signature"),
          .nonce = hex_header<16>(request, "polder-nonce"),
          .nonce_text = request.header("polder-nonce"),
          .digest_text = digest_header(request),
          .time_ms = time_header(request)};
}

void check_time(std::int64_t time_ms, std::int64_t now_ms) {
  if (time_ms < now_ms - request_window_ms || time_ms > now_ms + request_window_ms) {
    fail(
        Code::forbidden,
        "request: its time is {} s off this node's clock; at most 300 s are allowed, set the clock",
        (time_ms < now_ms ? now_ms - time_ms : time_ms - now_ms) / 1000);
  }
}

}  // namespace

Caller Authentication::check_head(const HttpRequest& request, Access access, std::int64_t now_ms) {
  if (access == Access::anyone) return {};
  const Proof proof = read_proof(request);
  const std::string text = request_text({.method = request.method,
                                         .target = request.target,
                                         .network = options_.network,
                                         .role = options_.role,
                                         .time_ms = proof.time_ms,
                                         .nonce = proof.nonce_text,
                                         .digest = proof.digest_text});
  const bool signature_fits = VerifyKey(proof.key).accepts(text, proof.signature);
  Caller caller{.member = members_.with_key(proof.key), .operator_role = {}};
  for (int role = 0; role < 3; ++role) {
    const VerifyKey& key = options_.node_keys[static_cast<std::size_t>(role)];
    if (key.raw() == proof.key) caller.operator_role = role;
  }
  if (!signature_fits || (!caller.operator_role && !caller.member)) {
    fail(Code::forbidden,
         "request: not signed by a key that node {} of network {} knows; is the organisation "
         "admitted here?",
         options_.role, options_.network);
  }
  check_time(proof.time_ms, now_ms);
  if (access == Access::member && !caller.member) {
    fail(Code::forbidden, "request: only an organisation may do this, with its own key");
  }
  return caller;
}

Caller Authentication::check(const HttpRequest& request, Access access, std::int64_t now_ms) {
  Caller caller = check_head(request, access, now_ms);
  if (access == Access::anyone) return caller;
  const Proof proof = read_proof(request);
  if (body_digest(request.body) != proof.digest_text) {
    fail(Code::forbidden, "request: its body is not the one that was signed");
  }
  if (request.method != "GET") {
    nonces_.use(proof.key, proof.nonce, now_ms, proof.time_ms + request_window_ms);
  }
  return caller;
}

}  // namespace polder
