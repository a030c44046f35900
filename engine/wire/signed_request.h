// How a request that changes something proves who makes it: the text that is signed, written once
// for the node and its clients.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace polder {

/// Requests are good this long before and after the node's clock.
inline constexpr std::int64_t request_window_ms = 5 * 60 * 1000;

struct SignedRequest {
  std::string_view method;
  std::string_view target;   // path and, if there is one, ?query
  std::string_view network;  // id in hex
  int role;                  // of the node asked
  std::int64_t time_ms;      // since 1970
  std::string_view nonce;    // 32 hex digits
  std::string_view digest;   // of the body, as the header Polder-Digest says it
};

/// hex BLAKE2b-256 of a body, empty ones included.
std::string body_digest(std::span<const std::uint8_t> body);

/// The text that Ed25519 signs for the header Polder-Signature. It can be checked from a request's
/// head alone, before anything is kept for its body.
std::string request_text(const SignedRequest& request);

}  // namespace polder
